"""The sources: one module each, a package where a source needs several."""
