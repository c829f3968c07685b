"""How a batch comes in: its lines validated, each mention stored once, the run that brought it kept."""
