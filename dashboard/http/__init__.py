"""What a request meets before the pages: checks of host and origin, headers, limits on slow clients, pushed bodies."""
