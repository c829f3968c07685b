"""HTTP within limits of our own: requests, access tokens, robots.txt."""
