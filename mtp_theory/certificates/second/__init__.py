"""The second checker: python-flint's exact and ball arithmetic."""
