r"""What a statement is put to the test with: numbers of an instance, in its own arithmetic.

The same formulas run over exact facts (rational world, built in :mod:`.exact` and :mod:`.vectors`) and over floats (real data,
built in :mod:`.measured`); ``tolerance`` is 0 for the former and, for the latter, the slack that rounding and
enclosures explain.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from ..engine.model import Arithmetic, Number


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Numbers of one instance: what it is, their arithmetic, and the slack that the arithmetic explains."""

    description: str
    arithmetic: Arithmetic = Arithmetic.RATIONAL
    tolerance: float = 0.0


@dataclass(frozen=True, kw_only=True)
class RunFacts(Facts):
    r"""An attack of T rounds; round j is chosen at :math:`\theta_j` and adds ``copies`` of :math:`z_j`.

    ``distances[j-1]``: :math:`D(\theta_j, \theta_p)` and ``euclidean[j-1]``: :math:`|\theta_j-\theta_p|^2`, j = 1..T+1.
    ``brackets[j-1]``: :math:`f_{z_j}(\theta_j) - f_{z_j}(\theta_p)` and ``gradients[j-1]``: :math:`|g_j|^2` for the least subgradient
    of :math:`f_{z_j}` at :math:`\theta_j`, j = 1..T. ``regret[T]``: :math:`\sum_{j\le T}\delta_j` and ``excess[T]``:
    :math:`a_T = \Phi_T(\theta_p)-\Phi_T(\theta_{T+1})`. ``gamma``: a proved lower bound of the best constant (-inf: none). ``lipschitz``: a
    Lipschitz constant B of the loss in the model. ``at_zero``: the loss of the zero model. ``alpha``, ``eta``: every :math:`z_j` attains at
    least alpha times the maximal loss difference, less eta. ``attainable``: the target is C_R-attainable.
    """

    n: int
    c: Number
    gamma: Number
    loss_gap: Number
    regulariser_gap: Number
    distances: tuple[Number, ...]
    regret: tuple[Number, ...]
    euclidean: tuple[Number, ...] = ()
    brackets: tuple[Number, ...] = ()
    gradients: tuple[Number, ...] = ()
    excess: tuple[Number, ...] = ()
    lipschitz: Number = inf
    at_zero: Number = 1
    copies: int = 1
    alpha: Number = 1
    eta: Number = 0
    attainable: bool = False

    @property
    def points(self) -> int:
        """T, the number of rounds; also the number of poisoning points where a round adds one."""
        return len(self.regret) - 1

    @property
    def initial(self) -> Number:
        r""":math:`D_0 = F_0(\theta_p) - F_0(\theta_c)`."""
        return self.loss_gap + self.n * self.c * self.regulariser_gap


@dataclass(frozen=True, kw_only=True)
class PairFacts(Facts):
    r"""Models :math:`\theta, \theta_p` and a third one.

    The target is attainable at weight ``lam``; ``gamma`` is its best constant over all models; ``attainable`` says
    whether both models are known to be attainable at C_R, ``target_attainable`` whether the target is. ``both_labels``: every point of
    the domain may carry either label. ``euclidean``: :math:`|\theta-\theta_p|^2`. ``shrunk``: epsilon where
    :math:`\theta=(1-\epsilon)\theta_p`, None otherwise. ``unique``: the target is the only minimiser of its witness.
    ``hinge``: :math:`R(\theta_p)` where the loss is the hinge, None otherwise.
    """

    c: Number
    lam: Number
    gamma: Number
    same: bool
    attainable: bool
    distance: Number
    regulariser_difference: Number
    via_third: tuple[Number, Number]
    target_attainable: bool = False
    both_labels: bool = False
    euclidean: Number | None = None
    shrunk: Number | None = None
    unique: bool = True
    hinge: Number | None = None


@dataclass(frozen=True, kw_only=True)
class PointFacts(Facts):
    """One point's loss difference and the value claimed for the maximum (Definition 1).

    ``attained``: the loss difference at the point said to be a maximiser, None where none is given.
    """

    difference: Number
    maximum: Number
    attained: Number | None = None


@dataclass(frozen=True, kw_only=True)
class InducedFacts(Facts):
    r"""A target that ``points`` added points really induce, tested against other models :math:`\theta`.

    ``numerators``: :math:`F_0(\theta_p) - F_0(\theta)`; ``denominators``:
    :math:`D(\theta,\theta_p) + C_R(R(\theta) - R(\theta_p))`; ``euclidean``: :math:`|\theta-\theta_p|^2`.
    """

    points: int
    numerators: tuple[Number, ...]
    denominators: tuple[Number, ...]
    n: int
    c: Number
    euclidean: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True)
class TestedModel:
    r"""A model :math:`\theta` at which Corollary 1 is tested: :math:`L(\theta_p;D_c)-L(\theta;D_c)`, R, :math:`D(\theta,\theta_p)`."""

    loss_gap: Number
    regulariser: Number
    distance: Number


@dataclass(frozen=True, kw_only=True)
class NearFacts(Facts):
    r"""``points`` added points induce :math:`\theta'`, which is ``epsilon``-close to the target.

    ``reverse``: at least :math:`D(\theta_p,\theta')`, written k epsilon in the paper. ``bound``: R*, at least R of every model in play.
    """

    n: int
    c: Number
    points: int
    epsilon: Number
    reverse: Number
    bound: Number
    target_regulariser: Number
    induced_regulariser: Number
    tested: tuple[TestedModel, ...]


@dataclass(frozen=True, kw_only=True)
class AttainedFacts(Facts):
    r"""A model trained at weight ``c`` on a finite multiset: R, mean loss, the loss of the zero model, l1 norm, dimension.

    ``own`` and ``others``: mean objective of the model and of other models on ``copies`` copies of the multiset.
    """

    c: Number
    regulariser: Number
    mean_loss: Number
    at_zero: Number
    l1_norm: Number
    dim: int
    own: Number
    others: tuple[Number, ...]


@dataclass(frozen=True, kw_only=True)
class LeaderFacts(Facts):
    r"""Follow-the-leader on strongly convex functions f_1, f_2, ... with :math:`r_0 = \frac{\rho}2|\cdot|^2`.

    ``gradients[i]``: :math:`|g_i|^2` at :math:`\theta_i`; ``strong[i]``: :math:`\rho + \sigma_{1:i}`; ``regret[k][T]``: against
    comparator k after T rounds, ``r0[k]`` its :math:`r_0`. ``sigma``: least :math:`\sigma_i`; ``rho``: 0 for follow-the-leader.
    """

    gradients: tuple[Number, ...]
    strong: tuple[Number, ...]
    regret: tuple[tuple[Number, ...], ...]
    r0: tuple[Number, ...]
    sigma: Number
    rho: Number


@dataclass(frozen=True, kw_only=True)
class MinimumFacts(Facts):
    r"""The fractional minimum t* of a target, tested against models near and far.

    ``near[k]``: the model lies on the side of the target from which Theorem 2's bound tends to t*, before the next kink. ``fewest``:
    :math:`\lceil t^*\rceil`, and ``miss`` the distance from the target of the model trained on that many constructed points
    (None where t* is infinite).
    """

    n: int
    c: Number
    minimum: Number
    numerators: tuple[Number, ...]
    denominators: tuple[Number, ...]
    euclidean: tuple[Number, ...]
    near: tuple[bool, ...]
    fewest: int | None
    miss: Number | None


@dataclass(frozen=True, kw_only=True)
class TwoTargetsFacts(Facts):
    """Two targets on the same data, the first with the lower clean loss; least poisoning mass of each."""

    first_minimum: Number
    second_minimum: Number
