"""The health of sources and of the store, in figures."""
