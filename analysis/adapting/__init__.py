"""Fits a layer from a team's corrections, and compares what two layers would change before one is used."""
