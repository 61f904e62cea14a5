"""The exact hinge engine: an active-set method with screening."""
