"""The page that shows how each source fares, what was quarantined, and live views."""
