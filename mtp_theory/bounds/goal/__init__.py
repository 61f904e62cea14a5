"""Goals that are no model: a flipped prediction, a subpopulation, an error rate."""
