"""Fewest points for a goal: below brute force and every set that is known, above nothing that a checker refuses."""

import copy
from fractions import Fraction
from time import monotonic

import numpy as np
import pytest
from bounds.goal.small import brute_force, instance, right_row, trained

from mtp_theory import attack, bound, datasets
from mtp_theory.bounds.closeness import fewest_points
from mtp_theory.bounds.confirm import confirmed
from mtp_theory.bounds.goal.bound import bound_goal
from mtp_theory.bounds.goal.certificate import goal_certificate
from mtp_theory.bounds.goal.cones import most_refuted
from mtp_theory.bounds.goal.goals import Flip, LossAtLeast, Wrong
from mtp_theory.bounds.goal.tree import UNIT, Plane, listed
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.second import checker as second
from mtp_theory.datasets import Dataset
from mtp_theory.errors import InputError


def flip(seed, **options):
    rng = np.random.default_rng(seed)
    data, problem = instance(rng, **options)
    i = right_row(problem, rng)
    return (data, problem, i, None) if i is None else (data, problem, i, problem.flip(data.X[i], int(data.y[i])))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("bias", [True, False])
def test_never_above_brute_force_and_the_set_reaches_the_goal(seed, bias):
    data, problem, _, goal = flip(seed, d=1 + seed % 2, bias=bias)
    if goal is None or not goal.Z.any():
        pytest.skip("no row that the clean model gets right")
    answer = bound_goal(goal, data=data, seconds=10)
    assert 0 < answer.lower <= answer.upper
    assert goal.reached(trained(problem, answer.X, answer.y, "cvxpy"))
    assert len(answer.y) == answer.upper
    assert all(problem.domain.contains(x) for x in answer.X)
    found = brute_force(goal, 3, side=3 if problem.d == 1 else 2)
    assert found is None or answer.lower <= found


@pytest.mark.parametrize("seed", range(4))
def test_label_flips_are_additions_too(seed):
    data, problem, i, goal = flip(100 + seed)
    answer = bound_goal(goal, data=data, seconds=10, above=False)
    for copies in range(1, 40):
        theta = trained(problem, np.repeat(data.X[[i]], copies, 0), np.repeat(-data.y[i], copies))
        if goal.reached(theta):
            assert answer.lower <= copies
            return
    pytest.skip("40 copies do not flip it")


def test_monotone_in_tau_and_in_how_many_rows():
    data, problem, i, _ = flip(3)
    x, y = data.X[i], int(data.y[i])
    lowers = [bound_goal(Flip(problem, x, y, tau), data=data, seconds=10).fractional for tau in (1e-6, 0.05, 0.2)]
    assert lowers == sorted(lowers)
    rows = [bound_goal(Wrong(problem, data.X, data.y, k), data=data, seconds=10, above=False) for k in (1, 3, 5)]
    assert [r.lower for r in rows] == sorted(r.lower for r in rows)


def test_wrong_and_loss_are_not_above_what_sets_need():
    rng = np.random.default_rng(8)
    data, problem = instance(rng, d=1, rows=6)
    clean = problem.clean.theta
    wrong = int(np.count_nonzero(problem.margins(clean) <= 0))
    for goal in (
        Wrong(problem, data.X, data.y, wrong + 1),
        LossAtLeast(problem, data.X, data.y, float(np.maximum(0, 1 - problem.margins(clean)).max() + 0.1)),
    ):
        answer = bound_goal(goal, data=data, seconds=10)
        assert answer.lower >= 1
        found = brute_force(goal, 3)
        assert found is None or answer.lower <= found
        if answer.X is not None:
            assert goal.reached(trained(problem, answer.X, answer.y, "cvxpy"))
        assert checked(answer.certificate, data) is None


def test_what_the_clean_model_has_takes_no_points():
    data, problem, i, _ = flip(3)
    answer = bound_goal(problem.flip(data.X[i], -int(data.y[i])), data=data)
    assert (answer.lower, answer.upper, answer.status) == (0, 0, "optimal")


def test_time_that_is_over_leaves_what_is_proved():
    data, _, _, goal = flip(3, d=2, rows=11)
    answer = bound_goal(goal, data=data, seconds=1e-3, above=False)
    full = bound_goal(goal, data=data, seconds=10, above=False)
    assert answer.lower <= full.lower
    assert answer.status == "bounds"


@pytest.mark.parametrize(
    "make",
    [
        lambda p: p.flip([0.5], 2),
        lambda p: p.flip([[0.5]], 1),
        lambda p: p.flip([np.nan], 1),
        lambda p: p.wrong([[0.5]], [1], 2),
        lambda p: p.wrong([[0.5]], [1], 0.5),
        lambda p: p.loss_at_least([[0.5]], [1], -1),
        lambda p: Flip(p, [0.5], 1, tau=-1),
        lambda p: bound_goal(p.flip([0.5], 1), seconds=0),
    ],
)
def test_bad_input(make):
    _, problem = instance(np.random.default_rng(0), d=1)
    with pytest.raises(InputError):
        make(problem)


def checked(top, data, folder=None):
    """None where both checkers accept, else the reason; they must agree."""
    reason = confirmed(top, data)
    raw = write.text(top).encode()
    try:
        k = checker.parse(raw)
    except checker.Refused as refused:
        assert reason is not None
        return str(refused)
    if folder is None:
        return reason
    datasets.save(data, folder / "data.npz")
    (folder / "c.json").write_bytes(raw)
    results = [m.verify(str(folder / "c.json"), str(folder / "data.npz")) for m in (checker, second)]
    assert results[0]["valid"] == results[1]["valid"] == (reason is None), (results, k.kind)
    return None if results[0]["valid"] else results[0]["reason"]


def resealed(top, change):
    other = copy.deepcopy(top)
    change(other)
    other["seal"] = checker.seal(other)
    return other


def test_tampered_trees_are_refused(tmp_path):
    rng = np.random.default_rng(1)
    data, problem = instance(rng, d=2, rows=11)
    i = right_row(problem, rng)
    answer = bound_goal(problem.flip(data.X[i], int(data.y[i])), data=data, seconds=10)
    top = answer.certificate
    assert checked(top, data, tmp_path) is None
    nodes = top["witness"]["trees"][0]["nodes"]
    assert len(nodes) > 1, "the instance should need a split"
    leaf = next(k for k, n in enumerate(nodes) if isinstance(n, dict))

    def tree(c):
        return c["witness"]["trees"][0]["nodes"]

    def claim(c):
        c["value"]["points"] += 1

    def missing_leaf(c):
        del tree(c)[leaf]

    def further_leaf(c):
        tree(c).append(tree(c)[leaf])

    def wrong_split(c):
        split = tree(c)[0]
        split[2] = -split[2] if abs(split[2]) > 2**20 else 2**42

    def leaf_elsewhere(c):
        tree(c)[:] = [tree(c)[leaf]]

    def no_multipliers(c):
        tree(c)[leaf]["direction"] = [0] * problem.dim

    def turned(c):
        tree(c)[leaf]["direction"] = [-v for v in tree(c)[leaf]["direction"]]

    def other_row(c):
        c["value"]["rows"][0]["label"] *= -1

    def no_tree(c):
        c["witness"]["trees"] = []

    def no_such_coordinate(c):
        tree(c)[0][1] = 10

    def clean_that_is_flipped(c):
        v = c["witness"]["clean"]
        v["numerators"] = [str(-int(n)) for n in v["numerators"]]

    changes = [
        claim, missing_leaf, further_leaf, wrong_split, leaf_elsewhere, no_multipliers, turned, other_row, no_tree,
        no_such_coordinate, clean_that_is_flipped,
    ]  # fmt: skip
    for change in changes:
        assert checked(resealed(top, change), data, tmp_path) is not None, change.__name__


def test_certificates_of_other_domains_hold(tmp_path):
    """Integer features and a box that is not the unit one: the claim is about the hull of the points' domain."""
    rng = np.random.default_rng(5)
    X = np.column_stack([rng.integers(-2, 4, 14), rng.uniform(-1, 2, 14)]).astype(float)
    y = np.where(X[:, 0] + X[:, 1] + 0.4 * rng.normal(size=14) > 1, 1.0, -1.0)
    data = Dataset(X, y, lower=[-2, -1], upper=[4, 2], integer=[True, False])
    problem = data.problem("hinge", 0.1)
    i = int(np.argmax(problem.margins(problem.clean.theta)))
    answer = bound_goal(problem.flip(X[i], int(y[i])), data=data, seconds=10)
    assert checked(answer.certificate, data, tmp_path) is None
    assert 1 <= answer.lower <= answer.upper < np.inf
    assert all(problem.domain.contains(x) for x in answer.X)
    points = tmp_path / "points.npz"
    np.savez(points, X=answer.X[:1], y=answer.y[:1])
    assert checker.verify(str(tmp_path / "c.json"), str(tmp_path / "data.npz"), str(points))["valid"]
    np.savez(points, X=answer.X[:1] + 10, y=answer.y[:1])
    for module in (checker, second):
        assert not module.verify(str(tmp_path / "c.json"), str(tmp_path / "data.npz"), str(points))["valid"]


def test_more_features_by_cones(tmp_path):
    """Beyond boxes of models: the cones' tree is checked too, and is not above the boxes' bound on fewer features."""
    rng = np.random.default_rng(2)
    X = np.clip(rng.normal(0.5, 0.2, (24, 5)) + 0.15 * np.repeat([[1], [-1]], 12, 0), 0, 1)
    data = Dataset(X, np.repeat([1.0, -1.0], 12))
    problem = data.problem("hinge", 0.09)
    i = int(np.argmax(problem.margins(problem.clean.theta)))
    answer = bound_goal(problem.flip(X[i], int(data.y[i])), seconds=20)
    assert 2 <= answer.lower <= answer.upper < np.inf
    assert checked(answer.certificate, data, tmp_path) is None

    def claim(c):
        c["value"]["points"] = int(answer.upper) + 1

    assert checked(resealed(answer.certificate, claim), data, tmp_path) is not None


def test_features_that_few_rows_have(tmp_path):
    """Features that no row or two rows have are light in the leaves; what no row has changes no number."""
    rng = np.random.default_rng(4)
    dense = np.clip(rng.normal(0.5, 0.2, (24, 5)) + 0.15 * np.repeat([[1], [-1]], 12, 0), 0, 1)
    rare = np.where(np.arange(24) % 11 == 0, 0.2, 0.0)[:, None]
    y = np.repeat([1.0, -1.0], 12)
    answers = []
    for X in (np.hstack([dense, rare]), np.hstack([dense, rare, np.zeros((24, 3))])):
        data = Dataset(X, y)
        problem = data.problem("hinge", 0.09)
        i = int(np.argmax(problem.margins(problem.clean.theta)))
        plane = Plane.of(problem, problem.flip(X[i], int(y[i])).Z[0], 1e-6)
        last, root, _ = most_refuted(plane, until=monotonic() + 20, most=6)
        answers.append(last)
    assert answers[0] == answers[1] >= 1
    trees = [(0, listed(root, plane, last))]
    goal = problem.flip(X[i], int(y[i]))
    top = goal_certificate(
        problem, data, goal.kind, goal.X, goal.y, 1, Fraction(write.decimal(goal.tau)), last + 1, trees
    )
    assert checked(top, data, tmp_path) is None

    def leaves(c):
        return [n for n in c["witness"]["trees"][0]["nodes"] if isinstance(n, dict)]

    assert any(len(leaf["light"]) >= 3 for leaf in leaves(top))

    def weight(c):
        for leaf in leaves(c):
            leaf["light"][0][1] = UNIT + 1

    def twice(c):
        for leaf in leaves(c):
            leaf["light"].append(leaf["light"][0])

    def no_such(c):
        for leaf in leaves(c):
            leaf["light"][0][0] = 99

    def heavy(c):
        for leaf in leaves(c):
            leaf["light"] = [[k, UNIT] for k in range(problem.dim)]

    def without_alpha(c):
        for leaf in leaves(c):
            leaf["alpha"] = None

    def claim(c):
        c["value"]["points"] += 40

    for change in (weight, twice, no_such, heavy, without_alpha, claim):
        assert checked(resealed(top, change), data, tmp_path) is not None, change.__name__


@pytest.mark.parametrize("seed", range(3))
def test_cones_stay_below_boxes(seed):
    data, problem, _, goal = flip(40 + seed, d=2, rows=11)
    plane = Plane.of(problem, goal.Z[0], goal.tau)
    last, root, _ = most_refuted(plane, until=monotonic() + 3, most=np.inf)
    boxes = bound_goal(goal, data=data, seconds=20, above=False)
    assert last + 1 <= boxes.lower
    assert last < 0 or listed(root, plane, last) is not None


@pytest.mark.parametrize("split", [["row", 3, 1], ["row", 3, 0], ["share", 0, UNIT // 5], ["points", 0, UNIT // 2]])
def test_every_kind_of_split_covers_what_it_splits(split, tmp_path):
    """A leaf that holds on a region holds on both parts; a part that is left out, or a false claim, is refused."""
    data, _, _, goal = flip(3, d=2, rows=11)
    top = bound_goal(goal, data=data, seconds=10).certificate

    def parted(c):
        tree = c["witness"]["trees"][0]["nodes"]
        tree[:] = [part for n in tree for part in ([split, n, n] if isinstance(n, dict) else [n])]

    def one_part(c):
        parted(c)
        tree = c["witness"]["trees"][0]["nodes"]
        del tree[tree.index(split) + 1]

    def false_claim(c):
        parted(c)
        c["value"]["points"] += 1

    assert checked(resealed(top, parted), data, tmp_path) is None
    assert checked(resealed(top, one_part), data, tmp_path) is not None
    assert checked(resealed(top, false_claim), data, tmp_path) is not None


def test_never_above_what_attacks_and_close_models_need():
    """Sets that were made for something else, but flip the row: the online attack's, those of a close model."""
    data, problem, i, goal = flip(100)
    copies = next(k for k in range(1, 60) if goal.reached(_flipped(problem, data, i, k)))
    target = problem.target(_flipped(problem, data, i, copies + 2))
    assert goal.reached(target.theta)
    answer = bound_goal(goal, data=data, seconds=10, above=False)
    run = attack(target, "online", max_points=30)
    reaching = [k for k in range(1, len(run.y) + 1) if goal.reached(trained(problem, run.X[:k], run.y[:k]))]
    assert reaching
    assert answer.lower <= reaching[0]
    close = bound(problem.close(target.theta, 0.01))
    assert close.lower == fewest_points(problem, target.theta, 0.01, search=False).lower
    assert goal.reached(trained(problem, close.X, close.y))
    assert answer.lower <= close.upper


def _flipped(problem, data, i, copies):
    return trained(problem, np.repeat(data.X[[i]], copies, 0), np.repeat(-data.y[i], copies))
