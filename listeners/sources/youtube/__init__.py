"""YouTube: comments on channels and videos, replies."""
