"""The planar shadow: every inner maximisation of the theory, exactly."""

from .maximise import Oracle, maximise
from .result import Maximiser

__all__ = ["Maximiser", "Oracle", "maximise"]
