"""Judgement and figures, pure: values and frames in, values and frames out; no files, no clock, no network."""
