"""The only network code: one file per source, the schedule that visits them, and the import of files."""
