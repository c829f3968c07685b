"""Who works in this session: the person who is logged in, and the page for whoever is not."""
