"""Approved replies are sent, each at most once."""
