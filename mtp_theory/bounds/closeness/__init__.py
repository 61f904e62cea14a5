"""The reach frontier: how many points for a model within epsilon of the target, and how close with so many points.

Reading order: :mod:`.lemma` (what closeness says about margins), :mod:`.relaxation` (what every close trained model
satisfies), :mod:`.witness` (from its multipliers to an exact proof), :mod:`.lower` (the certified integer),
:mod:`.descent` and :mod:`.construct` (points that come close), :mod:`.fewest` (both ends); :mod:`.closest` for the
closest set of a given number of points. Hinge loss, boxes and their hulls.
"""

from .closest import Closest, ClosestSet
from .fewest import ClosenessResult, FrontierPoint, fewest_points, frontier
from .lemma import active_limit, greatest_margin, least_margin, mixing_margin

__all__ = [
    "ClosenessResult",
    "Closest",
    "ClosestSet",
    "FrontierPoint",
    "active_limit",
    "fewest_points",
    "frontier",
    "greatest_margin",
    "least_margin",
    "mixing_margin",
]
