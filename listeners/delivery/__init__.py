"""Sends approved replies, each at most once."""
