"""Theory checking and verification for model-targeted data poisoning."""

__version__ = "0.1.0"
