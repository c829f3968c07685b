"""How right a scorer is: metrics and their intervals."""
