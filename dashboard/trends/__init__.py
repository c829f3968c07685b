"""The page with the weekly figures: sentiment, volume, share of voice, first response."""
