"""How the shipped weights are fitted on openly licensed sets, and the model card that describes them."""
