"""Reposts and near-copies: found by fingerprints, shown in the queue once."""
