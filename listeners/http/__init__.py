"""HTTP with limits on time and size: requests, access tokens, robots.txt."""
