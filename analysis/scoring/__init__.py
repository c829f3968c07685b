"""Scores mentions: sentiment, need of a reply, each brand apart, by the shipped weights, a team's layer, or VADER."""
