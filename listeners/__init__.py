"""The only network code: the sources, the schedule that runs them, the import of files, and the delivery of replies."""
