"""The sources: one module each, or a package where a source needs several modules."""
