"""The paper's way and this package, side by side on the same trajectory: ``python -m benchmarks``."""
