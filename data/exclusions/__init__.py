"""What is kept out of the queue: mutes and the posts of our own accounts."""
