"""When each source runs, what a run does, and how a failing source backs off."""
