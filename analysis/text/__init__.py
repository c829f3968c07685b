"""Prepares texts for scoring: masks names, drops quotes, cuts sentences, tells the language, computes features."""
