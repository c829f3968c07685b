"""Finds cues in a text (complaint, question, danger and more), each with its words and its confidence."""
