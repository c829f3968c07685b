"""Bluesky: search, inbox, replies."""
