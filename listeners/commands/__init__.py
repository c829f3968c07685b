"""The commands of `python -m listeners`."""
