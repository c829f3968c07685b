"""The page that shows how right the scorer is, with the blind check and what corrections taught."""
