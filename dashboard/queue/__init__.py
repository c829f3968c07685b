"""The page with the reply queue: the list, one mention, and what a person does to it."""
