"""scikit-learn's estimators as problems: the same minimiser where accepted, a reason where not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, Perceptron, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from mtp_theory.adapters.sklearn import model_vector
from mtp_theory.datasets import Dataset, load
from mtp_theory.domains import Box
from mtp_theory.errors import InputError
from mtp_theory.problem import Problem
from mtp_theory.training import make_trainer

#: Estimators that are accepted, at their tightest stopping rule.
ACCEPTED: dict[str, Any] = {
    "hinge": lambda c: LinearSVC(loss="hinge", C=c, tol=1e-9, max_iter=10**6),
    "hinge, no bias": lambda c: LinearSVC(loss="hinge", C=c, tol=1e-9, max_iter=10**6, fit_intercept=False),
    "squared hinge": lambda c: LinearSVC(C=c, tol=1e-11, dual=False, max_iter=10**4),
    "squared hinge, no bias": lambda c: LinearSVC(C=c, tol=1e-11, dual=False, fit_intercept=False, max_iter=10**4),
    "logistic": lambda c: LogisticRegression(C=c, solver="liblinear", tol=1e-11, max_iter=10**4),
    "logistic, no bias": lambda c: LogisticRegression(C=c, tol=1e-11, fit_intercept=False, max_iter=10**4),
}
#: How far scikit-learn's objective may lie above ours: its solvers stop that early.
TOLERANCE = 1e-6


def excess(problem: Problem, theta: np.ndarray) -> float:
    """How much theta's objective lies above the minimum."""
    return problem.objective(theta) - make_trainer(problem, tolerance=1e-12).fit().objective


@settings(max_examples=12)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(ACCEPTED)), st.floats(0.05, 5))
def test_our_minimiser_is_theirs(seed: int, kind: str, c: float) -> None:
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(8, 30)), int(rng.integers(1, 5))
    y = np.where(np.arange(n) % 2, 1, -1)
    X = rng.normal(size=(n, d)) + 0.7 * y[:, None] + 0.5
    labels = [y, (y > 0).astype(int), np.where(y > 0, "spam", "ham")][seed % 3]
    estimator = ACCEPTED[kind](c).fit(X, labels)
    problem = Problem.from_sklearn(estimator, X, labels)
    assert problem.bias == ("no bias" not in kind)
    assert problem.c_r == 1 / (n * c)
    theta = model_vector(estimator, problem, positive=estimator.classes_[1])
    assert abs(excess(problem, theta)) < TOLERANCE
    # a planted falsehood: another weight of the regulariser, and a model whose sign is turned, are seen
    other = Problem(problem.X, problem.y, problem.loss, 10 * problem.c_r, problem.domain, bias=problem.bias)
    assert excess(other, theta) > 10 * TOLERANCE
    assert excess(problem, -theta) > 10 * TOLERANCE


def test_digits_and_the_target() -> None:
    digits = load("digits-1-7")
    svc = LinearSVC(loss="hinge", C=1 / (digits.n * 0.09), tol=1e-9, max_iter=10**6).fit(digits.X, digits.y)
    problem = Problem.from_sklearn(svc, digits.X, digits.y)
    assert problem.c_r == pytest.approx(0.09)
    assert (problem.loss.key, problem.dim) == ("hinge", 65)
    assert excess(problem, problem.target(svc).theta) < TOLERANCE


def test_weights_that_are_counts() -> None:
    rng = np.random.default_rng(5)
    y = np.where(np.arange(20) % 2, 1, -1)
    X, weights = rng.normal(size=(20, 2)) + y[:, None], rng.integers(0, 4, 20)
    estimator = ACCEPTED["hinge"](0.3).fit(X, y, sample_weight=weights)
    problem = Problem.from_sklearn(estimator, X, y, sample_weight=weights)
    assert problem.n_points == weights.sum()
    assert abs(excess(problem, problem.target(estimator).theta)) < TOLERANCE
    for bad in (weights + 0.5, -weights, weights[:3], weights * np.nan):
        with pytest.raises(InputError, match="whole number"):
            Problem.from_sklearn(estimator, X, y, sample_weight=bad)


def test_sgd_without_intercept() -> None:
    digits = load("digits-1-7")
    sgd = SGDClassifier(alpha=0.09, fit_intercept=False, max_iter=10**4, tol=1e-6, random_state=0, average=True)
    problem = Problem.from_sklearn(sgd.fit(digits.X, digits.y), digits.X, digits.y)
    assert (problem.c_r, problem.bias, problem.loss.key) == (0.09, False, "hinge")
    assert excess(problem, problem.target(sgd).theta) < 0.01


REFUSED = {
    "the solver 'lbfgs' does not regularise the intercept": LogisticRegression(),
    "solver='liblinear', or fit it with fit_intercept=False": LogisticRegression(solver="newton-cg"),
    "intercept_scaling=2; the bias is": LinearSVC(intercept_scaling=2),
    "intercept_scaling=10; the bias": LogisticRegression(solver="liblinear", intercept_scaling=10),
    "class_weight='balanced'": LinearSVC(class_weight="balanced"),
    "penalty='l1'": LinearSVC(penalty="l1", dual=False),
    "l1_ratio=1": LogisticRegression(solver="liblinear", l1_ratio=1),
    "multi_class='crammer_singer'": LinearSVC(multi_class="crammer_singer"),
    "C = inf": LogisticRegression(C=np.inf, fit_intercept=False),
    "SVC: its intercept is never regularised": SVC(kernel="linear"),
    "SGDClassifier: it does not regularise the intercept": SGDClassifier(),
    "loss='modified_huber'": SGDClassifier(loss="modified_huber", fit_intercept=False),
    "penalty='elasticnet'": SGDClassifier(penalty="elasticnet", fit_intercept=False),
    "Pipeline: give its last step": make_pipeline(StandardScaler(), LinearSVC()),
    "LogisticRegressionCV: give LogisticRegression with the C": LogisticRegressionCV(),
    "Perceptron: its problem is not known here": Perceptron(),
    "LinearSVC is a class": LinearSVC,
}


@pytest.mark.parametrize("message", REFUSED)
def test_other_problems_are_refused_with_a_reason(message: str) -> None:
    with pytest.raises(InputError) as caught:
        Problem.from_sklearn(REFUSED[message], np.array([[0.0], [1.0]]), [0, 1])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_refused_is_another_problem_indeed() -> None:
    """An intercept that is not regularised has another minimiser."""
    rng = np.random.default_rng(0)
    y = np.where(np.arange(40) % 4 == 0, 1, -1)
    X = rng.normal(size=(40, 2)) + 3 + 0.5 * y[:, None]
    problem = Dataset(X, y).problem("logistic", 1 / 40)
    free = LogisticRegression(tol=1e-10, max_iter=10**4).fit(X, y)
    ours = LogisticRegression(tol=1e-10, solver="liblinear", max_iter=10**4).fit(X, y)
    assert excess(problem, model_vector(ours, problem)) < TOLERANCE
    assert excess(problem, model_vector(free, problem)) > 100 * TOLERANCE


def test_labels_domain_and_rows() -> None:
    X = np.array([[0.0, 1], [1, 0], [1, 1], [0, 0]])
    with pytest.raises(InputError, match="3 kinds of labels"):
        Problem.from_sklearn(LinearSVC(), X, [0, 1, 2, 0])
    box = Box(np.zeros(2), np.full(2, 7.0))
    problem = Problem.from_sklearn(LinearSVC(), sp.csr_array(X), ["a", "b", "b", "a"], domain=box)
    assert problem.domain is box
    assert problem.y.tolist() == [-1, 1, 1, -1]
    assert sp.issparse(problem.X)


def test_models_that_cannot_be_read() -> None:
    X, y = np.array([[0.0, 1], [1, 0], [1, 1], [0, 0]]), ["a", "b", "b", "a"]
    svc = LinearSVC().fit(X, y)
    problem = Problem.from_sklearn(svc, X, y)
    with pytest.raises(InputError, match=r"classes \['a', 'b'\], and which is \+1 is not said"):
        problem.target(svc)
    plus, minus = (model_vector(svc, problem, positive=label) for label in "ba")
    assert (plus == -minus).all()
    assert problem.error_rate(plus) == 0
    with pytest.raises(InputError, match="positive='c' is none of the classes"):
        model_vector(svc, problem, positive="c")
    with pytest.raises(InputError, match="fitted to 2 features, the problem has 1"):
        model_vector(svc, Dataset(X[:, :1], [1, -1, -1, 1]).problem("hinge", 1), positive="b")
    with pytest.raises(InputError, match="this problem no bias"):
        model_vector(svc, Dataset(X, y, positive="b").problem("hinge", 1, bias=False), positive="b")
    with pytest.raises(InputError, match="not a fitted linear model"):
        problem.target(LinearSVC())
    with pytest.raises(InputError, match="3 rows of coefficients"):
        problem.target(LinearSVC().fit(X, [0, 1, 2, 0]))


def test_a_data_frames_columns_are_the_features_names() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"age": [0.0, 1.0, 0.5, 0.2], "height": [1.0, 0.0, 0.3, 0.9]})
    problem = Problem.from_sklearn(LinearSVC(loss="hinge"), frame, [1, -1, 1, -1])
    assert problem.feature_names == ("age", "height")
