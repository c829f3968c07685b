"""The commands about copies of everything: backup, restore, check, export."""
