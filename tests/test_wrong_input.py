"""Whatever is given at the door, it answers with a result or with an error of its own, never with a raw one.

Every argument of every public callable is replaced by values of the wrong kind, one at a time.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

import mtp_theory as mtp
from mtp_theory.adapters.sklearn import model_vector
from mtp_theory.attacks.base import Batch, Requires
from mtp_theory.bounds.closeness import frontier
from mtp_theory.domains import Box, MixedBox
from mtp_theory.errors import MtpError

#: What no argument is meant to be, or few are; a fresh object each time where it could be used up.
WRONG: dict[str, Any] = {
    "a word": "x", "None": None, "nan": float("nan"), "inf": float("inf"), "negative": -1, "a fraction": 1.5,
    "a huge float": 1e308, "a huge int": 10**400, "a bool": True, "complex": 1j, "bytes": b"x", "a list": ["a", 1],
    "an empty list": [], "ragged": [[1.0], [1.0, 2.0]], "a dict": {"a": 1}, "an object": object(), "a class": int,
    "a function": lambda *_: "x", "an array of objects": np.array([object(), None]), "nans": np.full((2, 2), np.nan),
    "a path": Path("no/such/file"), "an integer array": np.arange(3), "a goal of no kind": SimpleNamespace(problem=3),
}  # fmt: skip

Call = tuple[Callable[..., Any], dict[str, Any]]


class Noise(mtp.Attack):
    """Random points."""

    name = "noise"
    requires = Requires(stop=False)

    def points(self, goal, budget):
        yield Batch(np.full(goal.problem.d, 0.5), 1)


class World:
    """Small examples of everything, each with the files that belong to it."""

    def __init__(self, folder: Path) -> None:
        rng = np.random.default_rng(3)
        self.folder, self.count = folder, 0
        y = np.repeat([1.0, -1.0], 8)
        self.X = np.clip(rng.normal(0.5, 0.2, (16, 2)) + 0.15 * y[:, None], 0, 1)
        self.data = mtp.Dataset(self.X, y, self.X[:4], y[:4])
        self.y = y
        self.problem = self.data.problem("hinge", 0.1)
        self.theta = self.problem.clean.theta + np.array([0.1, -0.2, 0.05])
        self.target = self.problem.target(self.theta)
        self.close = self.target.close(0.2)
        self.wrong = self.problem.wrong(self.X, y, at_least=12)
        self.flip = self.problem.flip(self.X[0], 1.0)
        self.errors = self.problem.errors(self.X, y)
        self.loss = self.problem.loss_at_least(self.X, y, 0.9)
        self.answer = mtp.bound(self.target)
        self.run = mtp.attack(self.target, max_points=2)
        self.enclosure = mtp.Enclosure(0.0, 1.0)
        self.checks = mtp.check("theorem-2", examples=1, embedded=False)
        self.svc = LinearSVC(loss="hinge").fit(self.X, y)
        self.box = Box(np.zeros(2), np.ones(2))
        self.certificate = folder / "c.json"
        self.answer.save(self.certificate)

    def fresh(self) -> Path:
        self.count += 1
        return self.folder / f"out{self.count}"


def at(w: World) -> dict[str, Any]:
    """Arguments that are common to what measures a model at a data set's rows."""
    return {"theta": w.theta}


CALLS: dict[str, Callable[[World], Call]] = {
    "load": lambda w: (mtp.load, {"name_or_path": "digits-1-7", "data_dir": None}),
    "Dataset": lambda w: (mtp.Dataset, {
        "X": w.X, "y": w.y, "X_test": w.X[:2], "y_test": w.y[:2], "name": "data", "positive": 1.0, "scale": 1.0,
        "lower": np.zeros(2), "upper": np.ones(2), "integer": np.zeros(2, dtype=bool), "groups": np.full(2, -1),
        "group_rule": "at_most_one", "feature_names": ("a", "b")}),
    "Dataset.from_frame": lambda w: (mtp.Dataset.from_frame, {
        "frame": frame(w), "y": w.y, "categorical": None, "X_test": None, "y_test": None, "positive": None,
        "name": "data", "lower": {"a": 0.0}, "upper": {"a": 1.0}, "integer": ()}),
    "Dataset.problem": lambda w: (w.data.problem, {"loss": "hinge", "c_r": 0.1, "bias": True}),
    "Problem": lambda w: (mtp.Problem, {
        "X": w.X, "y": w.y, "loss": "hinge", "c_r": 0.1, "domain": w.box, "bias": True,
        "counts": np.ones(16, dtype=int), "scale": 1.0, "test": (w.X, w.y), "feature_names": ("a", "b")}),
    "Problem.from_sklearn": lambda w: (mtp.Problem.from_sklearn, {
        "estimator": w.svc, "X": w.X, "y": w.y, "domain": w.box, "sample_weight": np.ones(16)}),
    "Problem.target": lambda w: (w.problem.target, at(w)),
    "Problem.close": lambda w: (w.problem.close, at(w) | {"epsilon": 0.1}),
    "Problem.errors": lambda w: (w.problem.errors, {"X": w.X, "y": w.y}),
    "Problem.flip": lambda w: (w.problem.flip, {"x": w.X[0], "y": 1.0, "tau": 1e-6}),
    "Problem.wrong": lambda w: (w.problem.wrong, {"X": w.X, "y": w.y, "at_least": 3, "tau": 1e-6}),
    "Problem.loss_at_least": lambda w: (w.problem.loss_at_least, {"X": w.X, "y": w.y, "L": 0.5}),
    "Problem.check_theta": lambda w: (w.problem.check_theta, at(w) | {"name": "theta"}),
    "Problem.split": lambda w: (w.problem.split, at(w)),
    "Problem.decision": lambda w: (w.problem.decision, at(w) | {"X": w.X, "scale": 1.0}),
    "Problem.margins": lambda w: (w.problem.margins, at(w)),
    "Problem.loss_sum": lambda w: (w.problem.loss_sum, at(w)),
    "Problem.objective": lambda w: (w.problem.objective, at(w)),
    "Problem.potential": lambda w: (w.problem.potential, at(w)),
    "Problem.point_margin": lambda w: (w.problem.point_margin, at(w) | {"x": w.X[0], "y": 1}),
    "Problem.point_loss": lambda w: (w.problem.point_loss, at(w) | {"x": w.X[0], "y": 1}),
    "Problem.error_rate": lambda w: (w.problem.error_rate, at(w) | {"X": w.X, "y": w.y, "scale": 1.0}),
    "Problem.test_error": lambda w: (w.problem.test_error, at(w)),
    "Target": lambda w: (mtp.Target, {"problem": w.problem} | at(w)),
    "Target.distance": lambda w: (w.target.distance, at(w)),
    "Target.reached": lambda w: (w.target.reached, at(w)),
    "Target.close": lambda w: (w.target.close, {"epsilon": 0.1}),
    "Close.reached": lambda w: (w.close.reached, at(w)),
    "Errors.reached": lambda w: (w.errors.reached, at(w)),
    "Errors.rate": lambda w: (w.errors.rate, at(w)),
    "Wrong.reached": lambda w: (w.wrong.reached, at(w)),
    "LossAtLeast.reached": lambda w: (w.loss.reached, at(w)),
    "bound": lambda w: (mtp.bound, {"goal": w.target}),
    "bound of a target": lambda w: (mtp.bound, {
        "goal": w.target, "data": w.data, "mode": "radius", "radius": 1e-8, "kink_tolerance": 1e-7, "search": False,
        "engine": "liblinear", "on_stage": None}),
    "bound of a closeness": lambda w: (mtp.bound, {
        "goal": w.close, "data": w.data, "search": True, "starts": (), "steps": 1, "engine": "liblinear"}),
    "bound of rows": lambda w: (mtp.bound, {
        "goal": w.flip, "data": w.data, "seconds": 0.2, "engine": "liblinear", "above": True}),
    "frontier": lambda w: (frontier, {
        "problem": w.problem, "target": w.theta, "points": [1], "data": w.data, "steps": 1, "halvings": 1,
        "engine": "liblinear"}),
    "distance": lambda w: (mtp.distance, {"target": w.target} | at(w)),
    "gamma": lambda w: (mtp.gamma, {"target": w.target}),
    "check": lambda w: (mtp.check, {
        "claims": ["theorem-2"], "on": w.target, "examples": 1, "seed": 0, "embedded": False, "points": 2}),
    "verify": lambda w: (mtp.verify, {
        "certificate": w.certificate, "data": w.data, "points": None, "on": w.target, "second": False}),
    "attack": lambda w: (mtp.attack, {
        "goal": w.target, "method": "online", "epsilon": 0.0, "max_points": 2, "stop": None, "gamma": 0.5,
        "bound_every": 1, "keep_models": False, "trainer": None, "oracle": None, "on_row": None,
        "folder": w.fresh(), "resume": False, "checkpoint_every": 1, "copies": 1}),
    "attack label-flip": lambda w: (mtp.attack, {
        "goal": w.errors, "method": "label-flip", "max_points": 2, "choice": "random", "rows": None, "seed": 0,
        "at": (1, 2)}),
    "attack kkt": lambda w: (mtp.attack, {
        "goal": w.target, "method": "kkt", "max_points": 2, "domain": None, "step": 0.5, "sign": "correct",
        "restarts": 1, "steps": 1, "seed": 0, "node_limit": 10}),
    "attack minimum": lambda w: (mtp.attack, {"goal": w.target, "method": "minimum", "max_points": 1}),
    "attack online-gradient": lambda w: (mtp.attack, {"goal": w.target, "method": "online-gradient", "max_points": 1}),
    "attack online-approximate": lambda w: (mtp.attack, {
        "goal": w.target, "method": "online-approximate", "max_points": 1, "alpha": 0.5}),
    "Attack.run": lambda w: (Noise().run, {"goal": w.target, "max_points": 1, "folder": w.fresh()}),
    "AttackRun.save": lambda w: (w.run.save, {"folder": w.fresh(), "data": w.data, "poisoned": True}),
    "AttackRun.plot": lambda w: (w.run.plot, {"ax": None}),
    "answer.save": lambda w: (w.answer.save, {"path": w.fresh()}),
    "answer.save_upper": lambda w: (w.answer.save_upper, {"path": w.fresh()}),
    "Enclosure": lambda w: (mtp.Enclosure, {
        "lower": 0.0, "upper": 1.0, "how": "float", "status": "", "witness": None, "reason": ""}),
    "Enclosure.plot": lambda w: (w.enclosure.plot, {"ax": None}),
    "Box": lambda w: (Box, {"lower": np.zeros(2), "upper": np.ones(2)}),
    "Box.contains": lambda w: (w.box.contains, {"x": np.zeros(2), "tolerance": 1e-9}),
    "MixedBox": lambda w: (MixedBox, {
        "box": w.box, "integer": np.ones(2, dtype=bool), "groups": np.full(2, -1), "group_rule": "at_most_one"}),
    "model_vector": lambda w: (model_vector, {"estimator": w.svc, "problem": w.problem, "positive": 1.0}),
}  # fmt: skip


def frame(w: World) -> Any:
    pd = pytest.importorskip("pandas")
    return pd.DataFrame({"a": w.X[:, 0], "b": w.X[:, 1]})


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    import matplotlib as mpl

    mpl.use("Agg")
    return World(tmp_path_factory.mktemp("door"))


@pytest.mark.parametrize("name", CALLS)
def test_an_argument_of_the_wrong_kind_is_a_result_or_an_error_of_ours(name, world, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    call, good = CALLS[name](world)
    raw = []
    for argument in good:
        for kind, wrong in WRONG.items():
            call, good = CALLS[name](world)
            error = outcome(call, good | {argument: wrong})
            if error is not None:
                raw.append(f"{argument} = {kind}: {error}")
    assert not raw, "\n".join([name, *raw])


def outcome(call: Callable[..., Any], arguments: dict[str, Any]) -> str | None:
    """None for a result or an error of the package; else what came out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            call(**arguments)
    except MtpError as error:
        text = str(error)
        return None if text and "\n" not in text and len(text) < 1500 else f"message {text!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def test_every_public_callable_and_each_of_its_arguments_is_tried(world):
    """A verb, class or argument that is new at the door is missing here until it stands in CALLS."""
    tried = {name.split()[0].split(".")[0] for name in CALLS}
    abstract = {"Attack", "Domain", "Goal", "MarginLoss"}
    answers = {"AttackRun"}  # made by attack alone
    errors = {"InputError", "MtpError", "UndecidedError"}
    assert set(mtp.__all__) - abstract - answers - errors <= tried
    left = {}
    for name, make in CALLS.items():
        call, good = make(world)
        known = inspect.signature(call).parameters.values()
        missing = {p.name for p in known if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)} - good.keys()
        if missing and name not in ("bound", "Attack.run"):
            left[name] = missing
    assert not left
    common = set(inspect.signature(mtp.Attack.run).parameters) - {"self"}
    assert common <= CALLS["attack"](world)[1].keys()


class Unnamed(mtp.Attack):
    def points(self, goal, budget):
        return 3


class NoBound(mtp.Goal):
    def __init__(self, problem):
        self.problem = problem

    def reached(self, theta):
        return False

    def describe(self):
        return {"goal": "none"}


REFUSED: dict[str, tuple[Callable[[World], Any], str]] = {
    "an unknown loss": (lambda w: w.data.problem("hing", 0.1), "did you mean 'hinge'"),
    "a list as loss": (lambda w: w.data.problem(["hinge"], 0.1), "give one of"),
    "a word as C_R": (lambda w: w.data.problem("hinge", c_r="x"), "C_R = 'x': give a finite number > 0"),
    "an option of bound": (lambda w: mtp.bound(w.target, nope=1), "known: data, engine"),
    "an option of attack": (lambda w: mtp.attack(w.target, nope=1), "known: copies"),
    "a goal without bound": (lambda w: mtp.bound(NoBound(w.problem)), r"a method bound\(self"),
    "an objective": (lambda w: mtp.bound(w.errors), "attacks only"),
    "nothing to resume": (lambda w: mtp.attack(w.target, max_points=2, resume=True), "give the run's folder"),
    "a file as folder": (lambda w: mtp.attack(w.target, max_points=2, folder=w.certificate), "a file of that name"),
    "below a file": (lambda w: mtp.attack(w.target, max_points=2, folder=w.certificate / "x"), "cannot make"),
    "no batches": (lambda w: mtp.attack(w.target, Unnamed, max_points=2), "'Unnamed': its points gave 3"),
    "the base class": (lambda w: mtp.attack(w.target, mtp.Attack, max_points=2), "abstract"),
    "an estimator's C": (lambda w: mtp.Problem.from_sklearn(LinearSVC(C="a", loss="hinge"), w.X, w.y), "C = 'a'"),
    "a class of estimators": (lambda w: w.problem.target(LinearSVC), "give a fitted instance"),
    "a logistic fit": (lambda w: mtp.Problem.from_sklearn(LogisticRegression(C=-1.0), w.X, w.y), "solver"),
    "a folder for a file": (lambda w: w.answer.save(w.folder), "a folder; give the name"),
    "a huge model": (lambda w: mtp.distance(w.target, [1e308] * 3), "beyond 1e"),
    "a huge target": (lambda w: w.problem.target([-1e308] * 3), "beyond 1e"),
    "huge features": (lambda w: mtp.Dataset(w.X * 1e308, w.y).problem("hinge", 0.1), "beyond 1e"),
    "an overflowing loss": (lambda w: w.data.problem("exponential", 0.1).target([1e5] * 3), "beyond float64"),
    "no examples": (lambda w: mtp.check(examples=-1), "examples = -1"),
    "names for too many": (lambda w: mtp.Dataset(w.X, w.y, feature_names=["a"]), "1 feature names for 2"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_what_to_do(name, world):
    call, message = REFUSED[name]
    with pytest.raises(mtp.InputError, match=message):
        call(world)


@pytest.mark.parametrize("scale", [1e-200, 1e-99, 1e99])
def test_features_of_any_size_have_an_answer_or_a_clear_error(scale, world):
    """No overflow, no warning: the extremes of float64 are computed with or refused."""
    bounds = np.zeros(2), np.full(2, scale)
    for loss in ("hinge", "logistic", "squared_hinge", "exponential"):
        problem = mtp.Dataset(world.X * scale, world.y, lower=bounds[0], upper=bounds[1]).problem(loss, 0.1)
        for size in (1.0, 1e99, 1e-99):
            for verb in (mtp.bound, mtp.gamma, attacked, measured):
                got = outcome(aimed, {"verb": verb, "problem": problem, "theta": world.theta * size})
                assert got is None, (loss, size, verb, got)


def aimed(verb, problem, theta):
    return verb(problem.target(theta))


def attacked(target):
    return mtp.attack(target, max_points=2)


def measured(target):
    return target.distance(np.ones(3))
