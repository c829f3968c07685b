"""Fits the shipped weights on openly licensed sets, and writes the model card that describes them."""
