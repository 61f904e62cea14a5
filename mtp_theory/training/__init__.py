"""Exact regularised empirical risk minimisation, each fit with its duality gap."""

from __future__ import annotations

from ..inputs import one_of
from ..problem import Problem
from .fit import Fit, Trainer, duality_gap

#: Engines by name; "auto" chooses by loss.
ENGINES = ("active_set", "auto", "cvxpy", "liblinear", "newton")


def make_trainer(problem: Problem, engine: str = "auto", *, tolerance: float = 1e-8) -> Trainer:
    """A trainer on the problem's clean data.

    ``tolerance``: a fit whose gap exceeds tolerance * max(1, objective) raises UndecidedError.
    Raises InputError for an unknown engine or one that cannot handle the loss.
    """
    one_of("engine", engine, ENGINES)
    if engine == "auto":
        engine = _best_engine(problem)
    if engine == "active_set":
        from .hinge.active_set import ActiveSetTrainer

        return ActiveSetTrainer(problem, tolerance)
    if engine == "newton":
        from .smooth.newton import NewtonTrainer

        return NewtonTrainer(problem, tolerance)
    if engine == "liblinear":
        from .reference.liblinear import LiblinearTrainer

        return LiblinearTrainer(problem, tolerance)
    from .reference.general import CvxpyTrainer

    return CvxpyTrainer(problem, tolerance)


def _best_engine(problem: Problem) -> str:
    """active_set for the hinge, newton for losses with a second derivative, cvxpy for the others."""
    if problem.loss.is_hinge:
        return "active_set"
    return "newton" if problem.loss.smooth else "cvxpy"


def polished(trainer: Trainer) -> Fit:
    """The trainer's fit, as near to the minimiser as a certificate needs it where the engine can improve one."""
    improve = getattr(trainer, "polish", trainer.fit)
    fit: Fit = improve()
    return fit


def train(problem: Problem, engine: str = "auto") -> Fit:
    """The minimiser on the problem's clean data, with its gap; :func:`polished`."""
    return polished(make_trainer(problem, engine))


__all__ = ["ENGINES", "Fit", "Trainer", "duality_gap", "make_trainer", "polished", "train"]
