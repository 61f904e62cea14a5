r"""A learning problem: loss, regularisation weight, feature domain and weighted clean data.

Objective of the paper's equation (1): :math:`\frac1N\sum_i \varphi(m_i) + C_R R(\theta)` with
:math:`R = \frac12|\theta|_2^2`, :math:`m_i = y_i\langle\theta, (x_i, 1)\rangle`. The bias is the weight of
a constant feature 1 and is regularised like the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from . import inputs
from .domains import Domain
from .errors import InputError
from .losses import Array, MarginLoss, get_loss

if TYPE_CHECKING:
    from .bounds.goal.goals import Flip, LossAtLeast, Wrong
    from .datasets.dataset import Dataset
    from .goal import Close, Errors, Target
    from .training import Fit, Trainer

#: Rows that are widened to float64 together.
WIDENED_ROWS = 512


@dataclass(frozen=True, eq=False)
class Problem:
    """Clean data with a loss, a regularisation weight and the poisoning points' domain.

    ``X`` (n, d): float64, float32, uint8 (then X / ``scale`` is meant) or a scipy CSR matrix; never copied
    when already of such a type. ``y`` (n,) in {-1, +1}. ``counts`` (n,): how often each row stands in
    the multiset (default once). ``bias``: append the constant feature 1.
    """

    #: Is the decision linear in theta? What needs convexity asks; a network's problem says no.
    linear: ClassVar[bool] = True

    X: Any
    y: Array
    loss: MarginLoss
    c_r: float
    domain: Domain
    bias: bool = True
    counts: NDArray[np.int64] = None  # type: ignore[assignment]  # filled with ones below
    scale: float = 1.0
    #: Test rows X (k, d) of the same kind as ``X`` and labels y (k,), where the data have them.
    test: tuple[Any, Array] | None = field(default=None, kw_only=True)
    #: The features' names, where they have names: the columns of answers as data frames.
    feature_names: tuple[str, ...] | None = field(default=None, kw_only=True)
    #: N, the number of clean points with multiplicity.
    n_points: int = field(init=False)

    def __post_init__(self) -> None:
        X = self.X
        if sp.issparse(X):
            X = X.tocsr()
        elif not (isinstance(X, np.ndarray) and X.dtype in (np.float64, np.float32, np.uint8)):
            X = np.asarray(inputs.numbers("data: X", X), dtype=np.float64)
        object.__setattr__(self, "X", X)
        object.__setattr__(self, "loss", get_loss(self.loss))
        y = np.ascontiguousarray(inputs.numbers("data: y", self.y), dtype=np.float64)
        object.__setattr__(self, "y", y)
        if X.ndim != 2 or X.shape[0] == 0 or X.shape[1] == 0:
            raise InputError(f"data: X has shape {X.shape}; give (n, d) with n, d >= 1")
        if y.shape != (X.shape[0],):
            raise InputError(f"data: y has shape {y.shape}; X has {X.shape[0]} rows, so give shape ({X.shape[0]},)")
        inputs.check_size("data: X", X.data if sp.issparse(X) else X)
        if not np.isin(y, (-1.0, 1.0)).all():
            other = sorted(set(np.unique(y).tolist()) - {-1.0, 1.0})
            raise InputError(
                f"data: labels {other[:3]} are not -1 or +1; Dataset(X, y, positive=...) maps labels of two kinds"
            )
        check_c_r(self.c_r)
        inputs.flag("bias", self.bias)
        inputs.real("scale", self.scale, above=0)
        inputs.instance("domain", self.domain, Domain, "a domain, such as mtp_theory.domains.Box(lower, upper)")
        if self.domain.dim != X.shape[1]:
            raise InputError(f"domain of dimension {self.domain.dim}, data of {X.shape[1]} features; make them equal")
        given = self.counts
        counts = np.ones(y.size, dtype=np.int64) if given is None else inputs.numbers("data: counts", given)
        if counts.shape != y.shape or not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
            raise InputError(f"data: counts must be integers >= 0 of shape {y.shape}")
        if counts.sum() == 0:
            raise InputError("data: all counts are zero; give at least one point")
        if self.test is not None:
            if not (isinstance(self.test, tuple) and len(self.test) == 2):
                raise InputError(f"test = {inputs.shown(self.test)}: give the pair X (k, d), y (k,)")
            rows = self.check_rows(self.test[0], "test rows X")
            labels = inputs.finite("test rows y", self.test[1], (rows.shape[0],))
            object.__setattr__(self, "test", (rows, labels))
        if self.feature_names is not None:
            names = tuple(map(str, inputs.each("feature_names", self.feature_names, "the columns' names")))
            if len(names) != self.d:
                raise InputError(f"data: {len(names)} feature names for {self.d} features; give one for each")
            object.__setattr__(self, "feature_names", names)
        object.__setattr__(self, "counts", counts.astype(np.int64))
        object.__setattr__(self, "n_points", int(counts.sum()))

    @classmethod
    def from_sklearn(
        cls, estimator: Any, X: Any, y: Any, *, domain: Domain | None = None, sample_weight: Any = None
    ) -> Problem:
        """The problem that a scikit-learn classifier solves on X, y; InputError where it is not equation (1)."""
        from .adapters.sklearn import problem_of

        return problem_of(estimator, X, y, domain=domain, sample_weight=sample_weight)

    @property
    def d(self) -> int:
        """Number of features, without the constant one."""
        return int(self.X.shape[1])

    @property
    def dim(self) -> int:
        """Length of theta: d + 1 with the bias feature, d without."""
        return self.d + int(self.bias)

    @property
    def c_r_total(self) -> float:
        """N C_R, the weight of R in the sum form."""
        return self.n_points * self.c_r

    def check_theta(self, theta: ArrayLike, name: str = "theta") -> Array:
        """The model as a float64 vector; raises InputError for a wrong length or a value that is not finite."""
        t = np.asarray(inputs.numbers(f"model {name}", theta), dtype=np.float64)
        if t.shape != (self.dim,):
            tail = " (the bias last)" if self.bias else " (no bias)"
            raise InputError(f"model {name}: shape {t.shape}; this problem needs ({self.dim},){tail}")
        inputs.check_size(f"model {name}", t)
        return t

    def check_rows(self, X: Any, name: str = "rows X") -> Any:
        """Rows (k, d), dense or sparse, as they are; raises InputError for what has no such shape or no numbers."""
        rows = X if sp.issparse(X) else inputs.numbers(name, X)
        if rows.ndim != 2 or rows.shape[1] != self.d:
            raise InputError(f"{name}: shape {rows.shape}; give (k, {self.d}), without the constant feature")
        return rows

    def check_point(self, x: ArrayLike, y: float) -> tuple[Array, float]:
        """One point x (d,) and its label; raises InputError for another shape and labels other than -1 and +1."""
        point = inputs.finite("point x", x, (self.d,))
        label = inputs.real("label y", y)
        if label not in (-1.0, 1.0):
            raise InputError(f"label y = {inputs.shown(y)}: give -1 or +1")
        return point, label

    def _model(self, theta: Array) -> Array:
        """The model, checked unless it is plainly one: what attacks ask thousands of times."""
        if isinstance(theta, np.ndarray) and theta.dtype == np.float64 and theta.shape == (self.dim,):
            return theta
        return self.check_theta(theta)

    @cached_property
    def clean(self) -> Fit:
        """The minimiser on the clean data; trained on first use."""
        from .training import train

        return train(self)

    def trainer(self) -> Trainer:
        """A trainer on the clean data, of the engine that suits the loss."""
        from .training import make_trainer

        return make_trainer(self)

    @cached_property
    def dataset(self) -> Dataset:
        """The clean rows, repeated by their counts, with the domain, as a data set: what certificates name.

        Raises InputError for a domain that no data file has.
        """
        from .datasets.dataset import Dataset

        domain = self.domain.boxed
        # the hull of groups is no domain of a data file: its groups' members are whole numbers
        if domain is None or np.any((domain.groups >= 0) & ~domain.integer):
            raise InputError(
                f"certificate: domain {type(self.domain).__name__}; certificates are for boxes with integer features"
            )
        X = self.X.toarray() if sp.issparse(self.X) else self.X
        y, scale = self.y, self.scale
        if (self.counts != 1).any():
            rows = np.repeat(np.arange(y.size), self.counts)
            X, y = X[rows], y[rows]
        if X.dtype != np.uint8 and scale != 1:
            X, scale = X / scale, 1.0
        marks: dict[str, Any] = {}
        if domain.integer.any():
            marks = {"integer": domain.integer, "groups": domain.groups, "group_rule": domain.group_rule}
        marks["feature_names"] = self.feature_names
        return Dataset(X, y, scale=scale, lower=domain.lower, upper=domain.upper, **marks, name="problem")

    def target(self, theta: object) -> Target:
        """The goal that the trained model is ``theta``: (dim,) numbers, a fitted linear estimator or a model file."""
        from .goal import Target

        return Target(self, theta)

    def close(self, theta: object, epsilon: float) -> Close:
        """The goal of a trained model within the loss-based distance ``epsilon`` of ``theta``."""
        return self.target(theta).close(epsilon)

    def errors(self, X: ArrayLike, y: ArrayLike) -> Errors:
        """As many of the rows X (k, d), y (k,) wrong as possible: an objective for attacks."""
        from .goal import Errors

        return Errors(self, X, y)

    def flip(self, x: ArrayLike, y: float, tau: float | None = None) -> Flip:
        """The goal that the row x (d,) of label ``y`` is predicted wrong, by a margin of ``tau`` (default 1e-6)."""
        from .bounds.goal.goals import TAU, Flip

        return Flip(self, x, y, TAU if tau is None else tau)

    def wrong(self, X: ArrayLike, y: ArrayLike, at_least: int, tau: float | None = None) -> Wrong:
        """The goal that at least so many of the rows X (k, d), y (k,) are predicted wrong, by margins of ``tau``."""
        from .bounds.goal.goals import TAU, Wrong

        return Wrong(self, X, y, at_least, TAU if tau is None else tau)

    def loss_at_least(self, X: ArrayLike, y: ArrayLike, L: float) -> LossAtLeast:
        """The goal that the rows' mean loss is at least ``L``."""
        from .bounds.goal.goals import LossAtLeast

        return LossAtLeast(self, X, y, L)

    def named(self, X: Array) -> list[dict[str, float]]:
        """Rows X (k, d) by the features' names, "feature 0", ... where they have none: what data frames show."""
        names = self.feature_names or tuple(f"feature {j}" for j in range(self.d))
        return [dict(zip(names, row, strict=True)) for row in np.asarray(X).tolist()]

    def split(self, theta: Array) -> tuple[Array, float]:
        """Weights (d,) and bias (0 without the bias feature)."""
        theta = self._model(theta)
        return (theta[:-1], float(theta[-1])) if self.bias else (theta, 0.0)

    def decision(self, theta: Array, X: Any = None, scale: float | None = None) -> Array:
        r""":math:`\langle\theta, (x_i, 1)\rangle` for the clean rows, or those of ``X`` (X / ``scale`` is meant)."""
        w, b = self.split(theta)
        rows, unit = (self.X, self.scale) if X is None else (X, 1.0 if scale is None else scale)
        if X is not None and not (isinstance(X, np.ndarray) and X.shape[1:] == (self.d,) and X.dtype.kind in "uf"):
            rows = self.check_rows(X)
        if scale is not None:
            inputs.real("scale", scale, above=0)
        return _product(rows, w / unit) + b

    def margins(self, theta: Array) -> Array:
        """Margins of the clean rows, shape (n,)."""
        return self.y * self.decision(theta)

    def loss_sum(self, theta: Array) -> float:
        r""":math:`L(\theta; D_c)`, the summed loss of the clean data with multiplicity."""
        return float(self.loss.value(self.margins(theta)) @ self.counts)

    def objective(self, theta: Array) -> float:
        """Mean clean loss plus C_R R(theta): equation (1)."""
        return self.loss_sum(theta) / self.n_points + self.c_r * regulariser(theta)

    def potential(self, theta: Array) -> float:
        r""":math:`F_0 = L(\theta; D_c) + N C_R R(\theta)`, the sum form of the objective."""
        return self.loss_sum(theta) + self.c_r_total * regulariser(theta)

    def point_margin(self, theta: Array, x: Array, y: float) -> float:
        """Margin y <theta, (x, 1)> of one point."""
        w, b = self.split(theta)
        plain = isinstance(x, np.ndarray) and x.dtype == np.float64 and x.shape == (self.d,)
        if not (plain and isinstance(y, int | float) and y in (-1, 1)):
            x, y = self.check_point(x, y)
        return float(y * (w @ x + b))

    def point_loss(self, theta: Array, x: Array, y: float) -> float:
        """Loss of one point."""
        return float(self.loss.value(self.point_margin(theta, x, y)))

    def error_rate(self, theta: Array, X: Any = None, y: Array | None = None, scale: float | None = None) -> float:
        """Share of rows on the wrong side of theta; a row exactly on the boundary counts one half.

        The clean rows, or rows of ``X`` (k, d) with labels ``y`` (k,) of -1 and +1. Raises InputError for one without
        the other, for other labels and for a model that is not finite.
        """
        if (X is None) != (y is None):
            given, missing = ("X", "y") if y is None else ("y", "X")
            raise InputError(f"error_rate: rows {given} without {missing}; give both, or neither for the clean rows")
        decision = self.decision(theta, X, scale)
        if not np.isfinite(decision).all():
            raise InputError("error_rate: theta has decisions that are no numbers; give a model of finite numbers")
        labels = self.y if y is None else inputs.finite("rows y", y, decision.shape)
        if not (np.abs(labels) == 1.0).all():
            raise InputError("error_rate: y has labels other than -1 and +1; map the labels to -1 and +1")
        m = labels * decision
        weights = self.counts if X is None else None
        return float(np.average((m < 0) + 0.5 * (m == 0), weights=weights))

    def test_error(self, theta: Array) -> float | None:
        """``error_rate`` on the test rows; None where the data have none."""
        return None if self.test is None else self.error_rate(theta, *self.test, scale=self.scale)


def _product(rows: Any, w: Array) -> Array:
    """rows @ w in float64; bytes and float32 are widened block by block, never all at once."""
    if sp.issparse(rows) or np.ndim(rows) != 2 or rows.dtype == np.float64:
        return np.asarray(rows @ w, dtype=np.float64)
    starts = range(0, rows.shape[0], WIDENED_ROWS)
    return np.concatenate([np.zeros(0), *(np.asarray(rows[i : i + WIDENED_ROWS] @ w) for i in starts)])


def regulariser(theta: Array) -> float:
    r""":math:`R(\theta) = \frac12|\theta|_2^2`, bias included."""
    return 0.5 * float(theta @ theta)


def check_c_r(c_r: float) -> None:
    """Raise InputError unless C_R is a finite number > 0."""
    inputs.real("the regularisation weight C_R", c_r, above=0)


__all__ = ["Problem", "check_c_r", "regulariser"]
