"""When each source runs, what a run does, and how it backs off."""
