"""Foreign formats read into values: feed entries, review markup, times, cells."""
