"""Mastodon: hashtags on any server, search, inbox and replies on our own."""
