"""What may not stay goes: erasure, expiry, rechecks at the source, the rewriting of the file."""
