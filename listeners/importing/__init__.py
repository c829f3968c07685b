"""Imports files: readers give their rows, the mapping names their columns, and the border makes mentions of them."""
