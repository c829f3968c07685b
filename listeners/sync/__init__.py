"""Reads a source incrementally, slice by slice, each down to the content known from earlier runs."""
