r"""scikit-learn's linear classifiers as learning problems, and their models as theta.

LinearSVC and LogisticRegression minimise :math:`\frac12|w|^2+C\sum_i\varphi(m_i)`; divided by N C this is equation (1)
with :math:`C_R=1/(NC)`. SGDClassifier's alpha is C_R. The bias is regularised in equation (1); scikit-learn does so
with liblinear (LinearSVC, LogisticRegression(solver="liblinear")) at intercept_scaling 1 only. Whatever else differs is
refused: a theorem about another problem says nothing about the user's model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import inputs
from ..domains import Domain
from ..errors import InputError
from ..losses import Array
from ..problem import Problem

#: What each estimator's ``loss`` is called here.
_SVM_LOSSES = {"hinge": "hinge", "squared_hinge": "squared_hinge"}
_SGD_LOSSES = _SVM_LOSSES | {"log_loss": "logistic"}
_NO_INTERCEPT = "fit it with fit_intercept=False (and centre the features if a bias is needed)"


def problem_of(estimator: Any, X: Any, y: Any, *, domain: Domain | None = None, sample_weight: Any = None) -> Problem:
    """The problem that ``estimator``, fitted or not, solves on X (n, d) and labels y (n,) of two kinds.

    As in scikit-learn the greater label is +1. ``domain``: where poisoning points may lie, by default as in
    :class:`mtp_theory.datasets.Dataset`. ``sample_weight`` (n,): whole numbers >= 0, which become the rows' counts.
    Raises InputError where the estimator's problem is not equation (1), with the reason and what to do.
    """
    from ..datasets import Dataset

    name = type(estimator).__name__
    if isinstance(estimator, type):
        raise InputError(f"estimator {estimator.__name__} is a class; give an instance, such as {estimator.__name__}()")
    reader = _READERS.get(name)
    if reader is None:
        raise InputError(f"estimator {name}: {_REFUSED.get(name, 'its problem is not known here')}; {_INSTEAD}")
    settings = _Settings(name, estimator.get_params())
    settings.need("class_weight", (None,), "weights of classes make another objective; leave it None")
    if domain is not None:
        inputs.instance("domain", domain, Domain, "a domain, such as mtp_theory.domains.Box(lower, upper)")
    data = Dataset(X, y, positive=_greater_label(y))
    counts = _counts(sample_weight, data.n)
    loss, c_r, bias = reader(settings, data.n if counts is None else int(counts.sum()))
    space = data.domain() if domain is None else domain
    names = data.feature_names
    return Problem(data.X, data.y, loss, c_r, space, bias=bias, counts=counts, scale=data.scale, feature_names=names)  # type: ignore[arg-type]


def _greater_label(y: Any) -> Any:
    """The label that scikit-learn makes positive; None where the labels are -1 and +1 or no two kinds."""
    try:
        labels = np.unique(np.asarray(y)).tolist()
    except (TypeError, ValueError):  # labels without an order or of no shape, which Dataset names
        return None
    return labels[-1] if len(labels) == 2 and labels != [-1, 1] else None


def model_vector(estimator: Any, problem: Problem, positive: Any = None) -> Array:
    """theta (dim,) of a fitted linear estimator: ``coef_``, then ``intercept_`` where the problem has a bias.

    The estimator's greater class must be +1 of the problem: classes {-1, 1} and {0, 1} are taken so; for others name
    the label that is +1 as ``positive`` (the signs are turned where it is the lesser one). Raises InputError: not
    fitted, not of two classes, another number of features, an intercept that the problem has no bias for.
    """
    name = type(estimator).__name__
    inputs.instance("problem", problem, Problem, "a Problem, such as data.problem('hinge', c_r=0.1)")
    if isinstance(estimator, type):
        raise InputError(f"model: the class {estimator.__name__}; give a fitted instance")
    if not hasattr(estimator, "coef_"):
        raise InputError(f"model: {name} is not a fitted linear model (no coef_); fit it first")
    coef = estimator.coef_
    coef = np.asarray(coef.toarray() if hasattr(coef, "toarray") else coef, dtype=np.float64)
    if coef.ndim == 2 and coef.shape[0] != 1:
        raise InputError(f"model: {name} has {coef.shape[0]} rows of coefficients; give one of two classes")
    intercept = float(np.ravel(getattr(estimator, "intercept_", 0.0))[0])
    theta = np.append(coef.ravel(), intercept) if problem.bias else coef.ravel()
    if theta.size != problem.dim:
        raise InputError(f"model: {name} was fitted to {coef.size} features, the problem has {problem.d}")
    if not problem.bias and intercept != 0:
        raise InputError(f"model: {name} has the intercept {intercept:g}, this problem no bias; fit it without one")
    return _sign(name, getattr(estimator, "classes_", None), positive) * theta


def _sign(name: str, classes: Any, positive: Any) -> float:
    kinds = None if classes is None else np.asarray(classes).tolist()
    if positive is None:
        if kinds is None or kinds in ([-1, 1], [0, 1]):
            return 1.0
        raise InputError(
            f"model: {name} was fitted to the classes {kinds!r}, and which is +1 is not said; give"
            f" mtp_theory.adapters.sklearn.model_vector(estimator, problem, positive={kinds[-1]!r})"
        )
    if kinds is None or not isinstance(positive, str | bytes | int | float | np.generic) or positive not in kinds:
        raise InputError(f"model: positive={inputs.shown(positive)} is none of the classes {kinds!r} of {name}")
    return 1.0 if kinds.index(positive) == 1 else -1.0


class _Settings:
    """An estimator's parameters; those that change the problem are asked for by name."""

    def __init__(self, name: str, parameters: dict[str, Any]) -> None:
        self.name, self.parameters = name, parameters

    def __getitem__(self, key: str) -> Any:
        return self.parameters[key]

    def need(self, key: str, values: tuple[Any, ...], why: str) -> None:
        """Refuse the estimator where the parameter ``key`` is there and is none of ``values``."""
        value = self.parameters.get(key, values[0])
        if not any(value is v or value == v for v in values):
            raise self.refuse(f"{key}={value!r}", why)

    def refuse(self, what: str, why: str) -> InputError:
        return InputError(f"estimator {self.name}: {what}; {why}")

    def c_r(self, n_points: int) -> float:
        """C_R = 1 / (N C)."""
        # the theory needs a regulariser
        return 1.0 / (n_points * inputs.real(f"estimator {self.name}: C", self["C"], above=0))

    def loss(self, known: dict[str, str]) -> str:
        if self["loss"] not in known:
            raise self.refuse(f"loss={self['loss']!r}", f"known are {', '.join(known)}")
        return known[self["loss"]]

    def no_other_penalty(self) -> None:
        # newer versions say "deprecated" for a penalty that was not given, and l1_ratio says which it is
        self.need("penalty", ("l2", "deprecated"), "the regulariser is |theta|^2/2; give the l2 penalty")
        if self["penalty"] == "deprecated":
            self.need("l1_ratio", (0, None), "the regulariser is |theta|^2/2; give l1_ratio=0")

    def liblinear_bias(self) -> bool:
        """Is there a bias, regularised as ours?"""
        if self["fit_intercept"]:
            scaling = "the bias is regularised as the weight of a constant feature 1; give intercept_scaling=1"
            self.need("intercept_scaling", (1,), scaling)
        return bool(self["fit_intercept"])


def _linear_svc(settings: _Settings, n_points: int) -> tuple[str, float, bool]:
    settings.need("penalty", ("l2",), "the regulariser is |theta|^2/2; give the l2 penalty")
    settings.need("multi_class", ("ovr",), "Crammer and Singer's objective is another one; leave it 'ovr'")
    return settings.loss(_SVM_LOSSES), settings.c_r(n_points), settings.liblinear_bias()


def _logistic_regression(settings: _Settings, n_points: int) -> tuple[str, float, bool]:
    settings.no_other_penalty()
    settings.need("multi_class", ("auto", "ovr", "deprecated"), "two classes are meant; leave it out")
    bias = bool(settings["fit_intercept"])
    if bias and settings["solver"] != "liblinear":
        raise settings.refuse(
            f"the solver {settings['solver']!r} does not regularise the intercept, equation (1) does",
            f"fit it with solver='liblinear', or {_NO_INTERCEPT}",
        )
    if settings["solver"] == "liblinear":
        bias = settings.liblinear_bias()
    return "logistic", settings.c_r(n_points), bias


def _sgd(settings: _Settings, n_points: int) -> tuple[str, float, bool]:
    settings.need("penalty", ("l2",), "the regulariser is |theta|^2/2; give the l2 penalty")
    if settings["fit_intercept"]:
        raise settings.refuse("it does not regularise the intercept, equation (1) does", _NO_INTERCEPT)
    alpha = inputs.real(f"estimator {settings.name}: alpha", settings["alpha"], above=0)
    return settings.loss(_SGD_LOSSES), alpha, False


_READERS: dict[str, Callable[[_Settings, int], tuple[str, float, bool]]] = {
    "LinearSVC": _linear_svc,
    "LogisticRegression": _logistic_regression,
    "SGDClassifier": _sgd,
}
_INSTEAD = "known are LinearSVC, LogisticRegression and SGDClassifier without intercept"
_REFUSED = {
    "SVC": "its intercept is never regularised, equation (1)'s bias is; use LinearSVC(loss='hinge') with the same C",
    "NuSVC": "it has another objective and an intercept that is not regularised; use LinearSVC",
    "Pipeline": "give its last step, and X as the steps before it transform it",
    "GridSearchCV": "give best_estimator_",
    "LogisticRegressionCV": "give LogisticRegression with the C that it chose (C_)",
}


def _counts(weights: Any, n: int) -> Any:
    if weights is None:
        return None
    given = np.asarray(inputs.numbers("sample_weight", weights), dtype=np.float64)
    if given.shape != (n,) or not np.isfinite(given).all() or (given < 0).any() or (given != np.rint(given)).any():
        raise InputError(
            f"sample_weight: shape {given.shape}, values {given.ravel()[:3].tolist()}; a row counts a whole number of"
            f" times here, so give shape ({n},) of whole numbers >= 0"
        )
    return given.astype(np.int64)


__all__ = ["model_vector", "problem_of"]
