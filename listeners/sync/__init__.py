"""Reading a source incrementally: slices of it, each down to what is known already."""
