"""The page with the weekly figures: mood, volume, share of voice, first response."""
