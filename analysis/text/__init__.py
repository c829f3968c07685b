"""Texts made ready for scoring: masked, quoted parts left out, cut into sentences, their language told, as features."""
