r"""The convex set K that decides attainability, gamma and the minimum number of poisoning points.

.. math:: K = \overline{\mathrm{conv}}\bigcup_{z \in X \times Y} \partial\ell(\cdot; z)(\theta_p).

* :math:`\theta_p` is :math:`C_R`-attainable exactly if :math:`-C_R\theta_p \in K`.
* :math:`\lambda^* = \sup\{\lambda : -\lambda\theta_p \in K\}` and :math:`\gamma = 1 - C_R/\lambda^*`.
* t* is the least t with :math:`0 \in \partial F_0(\theta_p) + t\,(K + C_R\theta_p)`.

Reading order: :mod:`.cells` (K as a hull of cells), :mod:`.blocks` (a cell as linear rows), :mod:`.programme`
(the one linear programme), :mod:`.pricing` (K from outside), :mod:`.refinement` (both sides together), then the
facts: :mod:`.extent` and :mod:`.minimum` with :mod:`.clean` and :mod:`.dual`, over integer points with :mod:`.points`.
In rationals: :mod:`mtp_theory.bounds.target`.
"""

from .clean import KINK_TOLERANCE, CleanGradient, clean_gradient
from .dual import dual_bound
from .extent import LAMBDA_TOLERANCE, Gamma, LambdaStar, gamma, lambda_star
from .minimum import FractionalMinimum, fractional_minimum
from .mixture import Mixture
from .pricing import Price, price

__all__ = [
    "KINK_TOLERANCE",
    "LAMBDA_TOLERANCE",
    "CleanGradient",
    "FractionalMinimum",
    "Gamma",
    "LambdaStar",
    "Mixture",
    "Price",
    "clean_gradient",
    "dual_bound",
    "fractional_minimum",
    "gamma",
    "lambda_star",
    "price",
]
