"""Reads files as rows: CSV, JSON, Parquet, feeds, saved pages."""
