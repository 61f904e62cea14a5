"""The planar shadow: every inner maximisation of the theory.

Each one depends on x through two linear forms, so it is a problem in the plane:

* ``chain``: the part of a domain's shadow that matters, for boxes, simplices and l1 balls;
* ``edges``, ``general``: the maximum on a polyline, for built-in losses and for a user's;
* ``sandwich``: domains known by their support function (l2 ball, polytope, a user's);
* ``branch``: integer features and one-hot groups in general;
* ``kernels``, ``integer``: the compiled searches for built-in losses on (integer) boxes;
* ``pricing``: the second objective, for the convex set K;
* ``oracle``, ``price_oracle``: the entry points.
"""

from .oracle import Oracle, maximise
from .price_oracle import price
from .result import Maximiser

__all__ = ["Maximiser", "Oracle", "maximise", "price"]
