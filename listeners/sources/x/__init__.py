"""X by its API: search, mentions, replies, each read paid for."""
