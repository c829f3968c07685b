"""What managers and analysts read: the published copy, weekly counts, topics, verdicts on the scorer."""
