"""Scores: made by worker processes, kept by scorer, made anew for another version, learned from corrections."""
