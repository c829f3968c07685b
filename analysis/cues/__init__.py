"""Cues: complaint, question, danger and more, each with the words that gave it."""
