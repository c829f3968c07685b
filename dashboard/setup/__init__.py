"""The page on which brands, sources, imports and erasures are set up."""
