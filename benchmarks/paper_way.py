"""One round of the attack as the authors' code does it.

Training: LinearSVC (hinge, C = 1 / (n C_R), tol 1e-8, at most 1000 epochs) or LogisticRegression (liblinear), from
scratch, the intercept regularised. Maximal loss difference, hinge: for each label the two programs

    max 1 - u  with v >= 1, u <= 1          max v - u  with v <= 1, u <= 1

over the feature domain, u and v being the margins under the model and the target: linear programs, parametrised once
(cvxpy with HiGHS, the fastest of its free solvers here), or on 0/1 features mixed integer programs (HiGHS through
scipy.optimize.milp). Logistic: projected ascent by Adam from 10 random starts, step 0.1, at most 20,000 steps, stopped
when the objective changes by less than 1e-7, for each label. The authors used Gurobi, which is not free.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from mtp_theory.domains import MixedBox
from mtp_theory.problem import Problem

TOLERANCE = 1e-8
EPOCHS = 1000
RESTARTS, STEPS, STEP, STILL = 10, 20_000, 0.1, 1e-7


class Training:
    """Fits from scratch on the clean rows and the first k points of a trajectory; the rows are stacked beforehand."""

    def __init__(self, problem: Problem, X: Any, y: Any) -> None:
        self.problem = problem
        self.X = np.vstack([problem.X / problem.scale, X])
        self.y = np.concatenate([problem.y, y])

    def fit(self, k: int) -> Any:
        """The model after k points."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import LinearSVC

        n = self.problem.n_points + k
        common: dict[str, Any] = {
            "C": 1.0 / (n * self.problem.c_r), "tol": TOLERANCE, "max_iter": EPOCHS, "random_state": 12,
        }  # fmt: skip
        hinge = self.problem.loss.key == "hinge"
        model = LinearSVC(loss="hinge", **common) if hinge else LogisticRegression(solver="liblinear", **common)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(self.X[:n], self.y[:n])
        return np.append(model.coef_[0], model.intercept_)


class LinearPrograms:
    """The four linear programs, built once; each round sets the model and solves."""

    def __init__(self, problem: Problem, target: Any) -> None:
        import cvxpy as cp

        lower, upper = problem.domain.lower, problem.domain.upper  # type: ignore[attr-defined]
        self.programs = []
        for y in (-1, 1):
            for far in (True, False):
                x, w, b = cp.Variable(problem.d), cp.Parameter(problem.d), cp.Parameter()
                u, v = y * (w @ x + b), y * (target[:-1] @ x + target[-1])
                gain, side = (1 - u, v >= 1) if far else (v - u, v <= 1)
                program = cp.Problem(cp.Maximize(gain), [x >= lower, x <= upper, u <= 1, side])
                self.programs.append((y, program, x, w, b))

    def maximise(self, theta: Any) -> tuple[float, Any, int]:
        """Value, point and label."""
        best: tuple[float, Any, int] = (-1.0, None, 0)
        for y, program, x, w, b in self.programs:
            w.value, b.value = theta[:-1], theta[-1]
            program.solve(solver="HIGHS", threads=1)
            if program.status == "optimal" and program.value > best[0]:
                best = float(program.value), x.value, y
        return best


class IntegerPrograms:
    """The same with integer features, by HiGHS's branch and cut."""

    def __init__(self, problem: Problem, target: Any) -> None:
        self.problem, self.target = problem, target

    def maximise(self, theta: Any) -> tuple[float, Any, int]:
        """Value, point and label."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        domain: Any = self.problem.domain
        w, b, wp, bp = theta[:-1], theta[-1], self.target[:-1], self.target[-1]
        best: tuple[float, Any, int] = (-1.0, None, 0)
        for y in (-1, 1):
            for far in (True, False):
                cost, constant = (y * w, 1 - y * b) if far else (y * (w - wp), y * (bp - b))
                side = (1 - y * bp, np.inf) if far else (-np.inf, 1 - y * bp)
                found = milp(
                    cost,
                    integrality=domain.integer.astype(int),
                    bounds=Bounds(domain.lower, domain.upper),
                    constraints=LinearConstraint(np.vstack([y * w, y * wp]), [-np.inf, side[0]], [1 - y * b, side[1]]),
                    options={"mip_rel_gap": 0.0},
                )
                if found.status == 0 and constant - found.fun > best[0]:
                    best = float(constant - found.fun), found.x, y
        return best


class Adam:
    """Projected ascent with restarts; 0/1 features are evaluated rounded while the iterate stays continuous."""

    def __init__(self, problem: Problem, target: Any) -> None:
        self.problem, self.target = problem, target
        #: Steps of the last call, over labels and restarts.
        self.steps = 0

    def maximise(self, theta: Any) -> tuple[float, Any, int]:
        """Value, point and label."""
        domain: Any = self.problem.domain
        integer = domain.integer if isinstance(domain, MixedBox) else None
        w, b, wp, bp = theta[:-1], theta[-1], self.target[:-1], self.target[-1]
        best: tuple[float, Any, int] = (-np.inf, None, 0)
        self.steps = 0
        for y in (-1, 1):
            generator = np.random.default_rng(12)
            for _ in range(RESTARTS):
                x = generator.uniform(domain.lower, domain.upper)
                first, second = np.zeros_like(x), np.zeros_like(x)
                previous = np.inf
                for step in range(1, STEPS + 1):
                    u, v = y * (w @ x + b), y * (wp @ x + bp)
                    gradient = -y * w / (1.0 + np.exp(u)) + y * wp / (1.0 + np.exp(v))
                    first = 0.9 * first + 0.1 * gradient
                    second = 0.999 * second + 0.001 * gradient**2
                    move = STEP * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
                    x = np.clip(x + move, domain.lower, domain.upper)
                    point = x if integer is None else np.where(integer, np.rint(x), x)
                    value = np.logaddexp(0, -y * (w @ point + b)) - np.logaddexp(0, -y * (wp @ point + bp))
                    if value > best[0]:
                        best = float(value), point, y
                    self.steps += 1
                    if abs(value - previous) < STILL:
                        break
                    previous = value
        return best


def oracle(problem: Problem, target: Any) -> Any:
    """The paper's search for this problem."""
    if problem.loss.key != "hinge":
        return Adam(problem, target)
    return (IntegerPrograms if isinstance(problem.domain, MixedBox) else LinearPrograms)(problem, target)
