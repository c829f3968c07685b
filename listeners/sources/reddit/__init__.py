"""Reddit through its API: search, comments, inbox, replies."""
