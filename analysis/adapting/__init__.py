"""What a team corrected, as a layer over the shipped weights: fitted, applied, compared before it counts."""
