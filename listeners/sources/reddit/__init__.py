"""Reddit by its API: search, comments, inbox, replies."""
