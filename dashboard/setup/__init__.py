"""The page on which brands and sources are set up, files imported, and authors or mentions erased."""
