"""The App Store: our own apps through its API, any app through its public feed."""
