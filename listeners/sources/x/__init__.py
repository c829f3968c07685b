"""X through its paid API: search, mentions, replies."""
