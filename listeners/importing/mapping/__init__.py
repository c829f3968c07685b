"""Which column of a file holds what: known shapes of exports, synonyms, nested values."""
