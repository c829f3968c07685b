"""Maps the columns of a file to fields: known shapes of exports, synonyms, nested values."""
