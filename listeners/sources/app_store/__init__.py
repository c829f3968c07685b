"""The App Store: our own apps by its API, any app by its public feed."""
