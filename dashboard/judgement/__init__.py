"""The page that shows how right the scorer is, what it learned from corrections, and the blind check."""
