"""Brands in the store, which mention names which, and what a change of words would match."""
