r"""The lookup attack's search: the candidate of largest loss difference, out of a fixed set of labelled points.

Over the candidates C the distance :math:`\max_{(x,y)\in C}\ell(\theta;x,y)-\ell(\theta_p;x,y)` is a maximum of
finitely many numbers, so it is exact up to the rounding of the network's float32 outputs; over [0, 1]^d it is only a
lower bound. It can be negative where C does not hold what the current model does worse.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..datasets import Dataset
from ..errors import InputError
from ..losses import Array
from ..problem import Problem
from ..shadow import Maximiser


@dataclass(frozen=True, eq=False)
class Candidates:
    """Labelled points that an attack may add: X (k, d), where X / ``scale`` is meant, and y (k,) in {-1, +1}."""

    X: NDArray[Any]
    y: Array
    scale: float = 1.0

    def __post_init__(self) -> None:
        X, y = np.asarray(self.X), np.asarray(self.y, dtype=np.float64)
        if X.ndim != 2 or y.shape != (len(X),) or not len(X):
            raise InputError(f"candidates: X has shape {X.shape}, y {y.shape}; give (k, d) and (k,), k >= 1")
        if not np.isin(y, (-1.0, 1.0)).all():
            raise InputError("candidates: labels other than -1 and +1; map them to -1 and +1")
        object.__setattr__(self, "X", X)
        object.__setattr__(self, "y", y)

    def point(self, index: int) -> Array:
        """Features of one candidate, float64."""
        return np.asarray(self.X[index], dtype=np.float64) / self.scale

    def check(self, problem: Problem) -> None:
        """Raise InputError for points that are no points of the problem's domain."""
        if self.X.shape[1] != problem.d:
            raise InputError(f"candidates: {self.X.shape[1]} features; this problem has {problem.d}")
        box = problem.domain.boxed
        if box is None:
            raise InputError(f"candidates: the domain is a {type(problem.domain).__name__}; give a problem on a box")
        low, high = self.X.min(axis=0) / self.scale, self.X.max(axis=0) / self.scale
        bad = np.flatnonzero(~((low >= box.lower) & (high <= box.upper)))  # NaN fails both
        if bad.size:
            j = int(bad[0])
            value = high[j] if low[j] >= box.lower[j] else low[j]
            raise InputError(
                f"candidates: feature {j} is {value:g}, outside [{box.lower[j]:g}, {box.upper[j]:g}]; scale them"
            )

    def indices(self, X: ArrayLike, y: ArrayLike) -> list[int]:
        """Which candidate each row of an attack's points is; the first of equal ones. InputError for another point."""
        known: dict[bytes, int] = {}
        for i in range(len(self.y)):
            known.setdefault(self.point(i).tobytes() + self.y[i].tobytes(), i)
        keys = (np.asarray(x, dtype=np.float64).tobytes() + np.float64(v).tobytes() for x, v in zip(X, y, strict=True))  # type: ignore[arg-type]  # rows
        try:
            return [known[key] for key in keys]
        except KeyError:
            raise InputError("candidates: a point is none of them; give the points of an attack over them") from None

    @cached_property
    def identity(self) -> str:
        """SHA-256 of points and labels."""
        rows = (np.ascontiguousarray(self.X), np.array([self.scale]), self.y)
        return hashlib.sha256(b"".join(a.dtype.str.encode() + a.tobytes() for a in rows)).hexdigest()


class Lookup:
    """Searches the candidates: every one is scored, in batches, and the first of the best is taken."""

    def __init__(self, problem: Problem, target: Array, candidates: Candidates) -> None:
        candidates.check(problem)
        self.problem, self.candidates = problem, candidates
        self._at_target = self._losses(target)

    def _losses(self, theta: Array) -> Array:
        c = self.candidates
        return self.problem.loss.value(c.y * self.problem.decision(theta, c.X, c.scale))

    def differences(self, theta: Array) -> Array:
        """Loss at ``theta`` less loss at the target, of every candidate."""
        return self._losses(theta) - self._at_target

    def maximise(self, theta: Array) -> Maximiser:
        """The candidate of largest loss difference; the enclosure is that of the maximum over the candidates."""
        differences = self.differences(theta)
        best = int(np.argmax(differences))
        value = float(differences[best])
        return Maximiser(self.candidates.point(best), int(self.candidates.y[best]), value, value, value, "exact")


def flipped(data: Dataset, label: int | None = None) -> Candidates:
    """The rows of one true label, -1 or +1, with the other one; without ``label`` every row with either label.

    Appendix F's text and the released code differ in which label that is; see :mod:`mtp_theory.dnn.targets`.
    """
    if label is None:
        return Candidates(np.vstack([data.X, data.X]), np.concatenate([-data.y, data.y]), data.scale)
    if label not in (-1, 1):
        raise InputError(f"candidates: label = {label!r}; give -1, +1 or None")
    rows = data.y == label
    return Candidates(data.X[rows], -data.y[rows], data.scale)


def halves(data: Dataset, seed: int, rows: int | None = None) -> tuple[Dataset, Dataset]:
    """Two halves of the training rows without a common one, each class split evenly at random; test rows stay.

    ``rows``: so many in each half at most, the classes in their proportion. Raises InputError for too few.
    """
    rng = np.random.default_rng(seed)
    parts: tuple[list[NDArray[np.intp]], list[NDArray[np.intp]]] = ([], [])
    for label in (1.0, -1.0):
        of_class = rng.permutation(np.flatnonzero(data.y == label))
        half = of_class.size // 2
        size = half if rows is None else min(half, round(rows * of_class.size / data.n))
        if size < 1:
            raise InputError(f"halves: class {label:+.0f} has {of_class.size} rows, too few for halves of {rows}")
        parts[0].append(of_class[:size])
        parts[1].append(of_class[half : half + size])
    first, second = (np.concatenate(p) for p in parts)
    return tuple(  # type: ignore[return-value]  # two of them
        dataclasses.replace(data, X=np.asarray(data.X)[part], y=data.y[part], name=f"{data.name}, half {k}")
        for k, part in ((1, first), (2, second))
    )


__all__ = ["Candidates", "Lookup", "flipped", "halves"]
