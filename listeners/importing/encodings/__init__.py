"""Tells how a text file is encoded: UTF-8 and UTF-16 by their bytes, older encodings by the letters they would give."""
