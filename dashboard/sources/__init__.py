"""The page that shows how each source fares and what was quarantined."""
