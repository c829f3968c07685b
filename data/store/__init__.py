"""The store: one DuckDB file, its migrations, its lock, and who may open it."""
