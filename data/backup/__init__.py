"""Backups: one folder that holds everything but secrets, made beside the running app, checked, and put back."""
