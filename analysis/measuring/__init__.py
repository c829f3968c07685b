"""Measures how right a scorer is: metrics and their intervals."""
