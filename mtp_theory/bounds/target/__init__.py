"""How many points does a target need: certified lower bounds and explicit sets that meet them.

* ``polish``: a float target with its support vectors exactly on the margin;
* ``lower``: from a dual direction to a certified integer;
* ``construct``: the fewest points for the hinge, made exact in rationals; ``smooth``: few points for smooth losses;
* ``rounding``: integer points near a set of the hull;
* ``bound``: both sides and their status.
"""

from .bound import CERTIFIED, MODES, RADIUS, BoundResult, bound
from .construct import Construction, construct
from .lower import LowerBound, certified_lower
from .polish import polished

__all__ = [
    "CERTIFIED",
    "MODES",
    "RADIUS",
    "BoundResult",
    "Construction",
    "LowerBound",
    "bound",
    "certified_lower",
    "construct",
    "polished",
]
