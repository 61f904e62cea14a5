r"""A network's training as a learning problem: what Algorithm 1 and its measurements need, and no more.

With outputs :math:`g_0, g_1` the cross-entropy of two-class softmax is :math:`\log(1+e^{-m})` with
:math:`m = y\,(g_0(x)-g_1(x))`, class 0 being the label +1: the logistic loss of the difference of the outputs. So loss,
potential and regret are those of :class:`~mtp_theory.problem.Problem`, and only :meth:`NetworkProblem.decision` is
another. The model ``theta`` is the vector of all parameters, in torch's order.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, NoReturn

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ..datasets import Dataset
from ..domains import Box
from ..errors import InputError
from ..losses import Array, Logistic
from ..problem import Problem
from ..training import Fit
from ..training.rows.store import PointSet
from .training import Training, train

#: Rows that are evaluated together.
BATCH = 4096


@dataclass(frozen=True, eq=False)
class NetworkProblem(Problem):
    """Clean rows in [0, 1], a network and how it is trained; C_R is the weight decay.

    ``architecture``: a function without arguments that returns a ``torch.nn.Module`` (k, d) -> (k, 2), such as
    :class:`.networks.Perceptron`. Raises InputError where it does not, for a module with state that is no parameter
    (batch normalisation), and for rows outside [0, 1].
    """

    linear: ClassVar[bool] = False

    architecture: Callable[[], Any] = field(kw_only=True)
    training: Training = field(kw_only=True, default_factory=Training)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_rows("clean rows", self.X, self.scale)
        self.network  # noqa: B018 (built once here, so that a wrong one is told now)

    @classmethod
    def of(
        cls,
        data: Dataset,
        architecture: Callable[[], Any],
        training: Training,
        *,
        weight_decay: float,
    ) -> NetworkProblem:
        """The problem on a data set's training rows; its first-named class is class 0."""
        return cls(
            data.X, data.y, Logistic(), weight_decay, Box.unit(data.d), scale=data.scale, architecture=architecture,
            training=training,
        )  # fmt: skip

    def retrained(self, **changes: Any) -> NetworkProblem:
        """The same problem with a training of other fields, such as another seed."""
        return dataclasses.replace(
            self, architecture=self.architecture, training=dataclasses.replace(self.training, **changes)
        )

    @cached_property
    def network(self) -> Any:
        """A network of the architecture, in evaluation mode; its parameters are set by each use."""
        if isinstance(self.architecture, torch.nn.Module) or not callable(self.architecture):
            what = type(self.architecture).__name__
            raise InputError(f"network: architecture is a {what}; give a function that builds the torch.nn.Module anew")
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.training.seed)
            network = self.architecture()
        if not isinstance(network, torch.nn.Module):
            raise InputError(
                f"network: architecture() returned a {type(network).__name__}, no torch.nn.Module; return a module"
            )
        state = [name for name, _ in network.named_buffers()]
        if state:
            raise InputError(
                f"network: {type(network).__name__} has state that is no parameter ({', '.join(state[:3])}); leave out"
                " batch normalisation and the like"
            )
        network.eval()
        try:
            with torch.no_grad():
                shape = tuple(network(torch.zeros(2, self.d)).shape)
        except (RuntimeError, TypeError) as error:
            raise InputError(f"network: fails on rows of {self.d} features ({str(error)[:120]})") from None
        if shape != (2, 2):
            raise InputError(f"network: maps (2, {self.d}) to {shape}; it must have two outputs, (2, 2)")
        return network.to(self.training.on())

    @property
    def dim(self) -> int:
        """Number of parameters."""
        return sum(p.numel() for p in self.network.parameters())

    @cached_property
    def weights(self) -> NDArray[np.bool_]:
        """Which parameters are weights, shape (dim,): matrices and kernels; the others are biases."""
        sizes = [(p.dim() > 1, p.numel()) for p in self.network.parameters()]
        return np.repeat([weight for weight, _ in sizes], [size for _, size in sizes])

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the architecture as torch prints it, of its initial weights and of the training."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.training.seed)
            first = vector(self.architecture())
        text = f"{self.network}\n{dataclasses.replace(self.training, device='auto')}".encode()
        return hashlib.sha256(text + first.tobytes()).hexdigest()

    def tensor(self, X: Any, scale: float = 1.0) -> Any:
        """Rows as a float32 tensor, X / ``scale``."""
        return torch.from_numpy(np.asarray(X, dtype=np.float32) / np.float32(scale))

    def decision(self, theta: Array, X: Any = None, scale: float | None = None) -> Array:
        """Difference of the outputs of the clean rows, or of the rows of ``X``: positive for the label +1."""
        rows, unit = (self.X, self.scale) if X is None else (np.asarray(X), 1.0 if scale is None else scale)
        torch.nn.utils.vector_to_parameters(self._parameters(theta), self.network.parameters())
        parts, flat = [np.zeros(0)], np.atleast_2d(rows)
        with torch.no_grad():
            for start in range(0, len(flat), BATCH):
                outputs = self.network(self.tensor(flat[start : start + BATCH], unit).to(self.training.on())).cpu()
                parts.append((outputs[:, 0] - outputs[:, 1]).double().numpy())
        return np.concatenate(parts).reshape(rows.shape[:-1])

    def at(self, theta: ArrayLike) -> Any:
        """A network of its own with the parameters ``theta`` (dim,), in evaluation mode."""
        network = copy.deepcopy(self.network)
        torch.nn.utils.vector_to_parameters(self._parameters(theta), network.parameters())
        return network

    def _parameters(self, theta: ArrayLike) -> Any:
        return torch.from_numpy(np.asarray(theta, dtype=np.float32)).to(self.training.on())

    def point_margin(self, theta: Array, x: Array, y: float) -> float:
        """Margin of one point."""
        return float(y * self.decision(theta, x))

    def split(self, theta: Array) -> NoReturn:
        """A network has no weights and bias of its own: what asks for them is for linear models."""
        raise InputError("a network is no linear model: bounds, gamma and certificates need one; see dnn.last_layer")

    @cached_property
    def clean(self) -> Fit:
        """The network trained on the clean rows."""
        return self.trainer().fit()

    def trainer(self) -> NetworkTrainer:
        """Retrains the network from its initial weights."""
        return NetworkTrainer(self)


class NetworkTrainer:
    """Trains the network from scratch on the clean rows and the points added so far: a function of these alone.

    A fit's ``gap`` is NaN: there is no duality gap, and nothing says how far the model is from a minimiser.
    """

    engine = "network"

    def __init__(self, problem: NetworkProblem) -> None:
        self.problem = problem
        self.points = PointSet(problem)
        self._clean = problem.tensor(problem.X, problem.scale)
        self._fit: Fit | None = None

    @property
    def n_points(self) -> int:
        """Points of the multiset, with multiplicity."""
        return int(self.points.n_points)

    def add(self, x: Array, y: int, copies: int = 1) -> None:
        """Multiset union with ``copies`` of the point (x, y). Raises InputError for x outside [0, 1]."""
        check_rows("added point", x)
        self.points.add(x, y, copies)
        self._fit = None

    def add_many(self, X: ArrayLike, y: ArrayLike, counts: ArrayLike | None = None) -> None:
        """Multiset union with the rows of X (k, d), each ``counts`` times."""
        check_rows("added points", X)
        self.points.add_many(X, y, counts)
        self._fit = None

    def set_counts(self, counts: ArrayLike) -> None:
        """Give the clean rows other multiplicities."""
        self.points.set_counts(counts)
        self._fit = None

    def rebuild(self) -> None:
        """Nothing to forget: every fit starts anew."""

    def fit(self) -> Fit:
        """The trained network; trained once for one multiset."""
        if self._fit is None:
            self._fit = self._train()
        return self._fit

    def full_gap(self) -> float:
        """NaN: unknown."""
        return float("nan")

    def _train(self) -> Fit:
        problem, points = self.problem, self.points
        counts = torch.from_numpy(points.counts.astype(np.int64))
        rows = torch.cat([self._clean, problem.tensor(points.added)])
        classes = torch.from_numpy((points.labels < 0).astype(np.int64))
        trained = train(problem.architecture, rows, classes, counts, problem.c_r, problem.training)
        theta = vector(trained)
        if not np.isfinite(theta).all():
            raise InputError("training: the network's weights are not finite; give a smaller learning_rate")
        added = points.labels[points.n_clean :] * problem.decision(theta, points.added)
        losses = float(problem.loss.value(added) @ points.counts[points.n_clean :])
        margins = problem.y * problem.decision(theta)
        losses += float(problem.loss.value(margins) @ points.counts[: points.n_clean])
        objective = losses / self.n_points + problem.c_r * 0.5 * float(theta @ theta)
        return Fit(theta, objective, float("nan"), self.n_points, problem.training.epochs, self.engine)


def vector(network: Any) -> Array:
    """All parameters of a module as one float64 vector, in torch's order."""
    with torch.no_grad():
        flat = torch.nn.utils.parameters_to_vector(network.parameters()).cpu().double().numpy()
    return np.asarray(flat)


def check_rows(name: str, X: Any, scale: float = 1.0) -> None:
    """Raise InputError for rows that are not in [0, 1] after division by ``scale``."""
    rows = np.asarray(X)
    if rows.size and not (rows.min() >= 0 and rows.max() <= scale):  # NaN fails both
        at = float(rows.min()) if not rows.min() >= 0 else float(rows.max())
        raise InputError(f"{name}: a feature is {at / scale:g}, outside [0, 1]; scale the features to [0, 1]")


__all__ = ["NetworkProblem", "NetworkTrainer", "check_rows", "vector"]
