"""Certified fewest points and constructed sets: brute force over integer sets, agreement of both ends, certificates."""

import itertools
import json
from fractions import Fraction as Q

import numpy as np
import pytest
from bounds.closeness.small import problem_and_target, random_points, trained
from reference.certificate_instances import (
    Case,
    both,
    changes,
    flipped_target,
    leaves,
    replaced,
    small_data,
    written,
)

from mtp_theory import datasets
from mtp_theory.attacks import online
from mtp_theory.bounds.closeness import fewest_points, frontier
from mtp_theory.bounds.target import bound
from mtp_theory.certificates import checker
from mtp_theory.certificates import format as write
from mtp_theory.certificates.second import checker as flint_checker
from mtp_theory.datasets import Dataset
from mtp_theory.errors import InputError
from mtp_theory.shadow.distance import distance
from mtp_theory.targets import canonical

#: Signed features of the brute force in one dimension without a bias: label times feature.
GRID = [Q(k, 4) for k in range(-4, 5)]
MOST = 3


def minimiser(signed, c):
    """argmin of sum (1 - theta s)_+ + n c theta^2 / 2, exactly: the derivative is monotone, with jumps at 1 / s."""
    n = len(signed)

    def derivative(theta, side):
        active = (s for s in signed if 1 - theta * s > 0 or (1 - theta * s == 0 and side * s < 0))
        return n * c * theta - sum(active, Q(0))

    for kink in {1 / s for s in signed if s}:
        if derivative(kink, -1) <= 0 <= derivative(kink, 1):
            return kink
    # between the kinks the set of rows with a slope is fixed
    low, high = Q(-100), Q(100)
    for kink in sorted({1 / s for s in signed if s}):
        if derivative(kink, 1) < 0:
            low = max(low, kink)
        elif derivative(kink, -1) > 0:
            high = min(high, kink)
    middle = (low + high) / 2
    return sum((s for s in signed if 1 - middle * s > 0), Q(0)) / (n * c)


def away(t, p):
    """D over s in [-1, 1], exactly: at the ends and the kink of the target's loss."""
    ends = [Q(-1), Q(1)] + ([1 / p] if p and abs(1 / p) <= 1 else [])
    return max(max(Q(0), 1 - t * s) - max(Q(0), 1 - p * s) for s in ends)


def instance(rng):
    clean = [Q(int(k), 4) for k in rng.integers(-4, 5, int(rng.integers(2, 6)))]
    c = Q(int(rng.integers(1, 6)), 20)
    p = minimiser([*clean, *rng.choice(GRID, int(rng.integers(1, 5)))], c)
    return clean, c, p


def brute_force(clean, c, p, eps):
    """Fewest points of the grid that come within eps, None beyond MOST."""
    for n in range(MOST + 1):
        for added in itertools.combinations_with_replacement(GRID, n):
            if away(minimiser([*clean, *added], c), p) <= eps:
                return n
    return None


def check_brute_force(seeds):
    compared = sharp = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        clean, c, p = instance(rng)
        start = away(minimiser(clean, c), p)
        if start <= Q(1, 50):
            continue
        eps = min(Q(9, 10), start) * Q(int(rng.integers(1, 9)), 10)
        # X = [-1, 1], both labels: s = y x with y = +1
        X = np.array([[float(s)] for s in clean])
        data = Dataset(X, np.ones(len(clean)), lower=np.array([-1.0]), upper=np.array([1.0]), name="line")
        # the certificate is about the float target
        result = fewest_points(
            data.problem("hinge", float(c), bias=False), [float(p)], float(eps), data=data, search=False
        )
        least = brute_force(clean, c, p, eps - Q(1, 10**9))
        compared += least is not None
        sharp += least == result.lower_bound
        assert least is None or result.lower_bound <= least, (seed, clean, c, p, eps)
    return compared, sharp


def test_never_above_brute_force():
    compared, sharp = check_brute_force(range(15))
    assert compared >= 6
    assert sharp >= compared / 2


@pytest.mark.slow
def test_never_above_brute_force_on_thousands():
    compared, _ = check_brute_force(range(1000, 5000))
    assert compared >= 2000


def test_the_minimiser_of_the_brute_force_is_the_trained_model():
    rng = np.random.default_rng(0)
    for _ in range(20):
        clean, c, _ = instance(rng)
        X = np.array([[float(s)] for s in clean])
        data = Dataset(X, np.ones(len(clean)), lower=np.array([-1.0]), upper=np.array([1.0]), name="line")
        theta = trained(data.problem("hinge", float(c), bias=False), np.zeros((0, 1)), np.zeros(0))
        assert float(minimiser(clean, c)) == pytest.approx(theta[0], abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_never_above_random_points(seed):
    rng = np.random.default_rng(seed)
    problem, target = problem_and_target(rng, bias=bool(seed % 2))
    X, y = random_points(rng, problem, int(rng.integers(1, 5)))
    reached = distance(problem, trained(problem, X, y), target).upper + 1e-7
    if reached < 1:
        assert fewest_points(problem, target, reached, search=False).lower_bound <= len(y)


@pytest.fixture(scope="module")
def digits():
    problem, fit = canonical("digits-1-7")
    return problem, fit.theta, datasets.load("digits-1-7")


@pytest.fixture(scope="module")
def result(digits):
    problem, target, data = digits
    return fewest_points(problem, target, 0.1, data=data)


def test_digits(digits, result):
    problem, target, _ = digits
    assert result.lower_bound == 7
    assert 7 <= result.constructed <= 9
    assert result.distance.upper <= 0.1
    assert result.proved_distance <= 0.1
    # exactly at least what the two certificates add up to: pixels in [0, 1] and a bias, so |(x, 1)|^2 <= 65
    radius, top = Q(result.upper_certificate["radius"]), Q(result.distance_certificate["value"][1])
    assert (Q(result.proved_distance) - top) ** 2 >= 65 * radius**2
    assert result.kind == "exact"
    assert result.own_distance.ends == result.distance.ends
    away = distance(problem, trained(problem, result.X, result.y), target)
    assert away.upper == pytest.approx(result.distance.upper, abs=1e-6)
    # the online attack needs ten times as many for the same distance, and the bound holds for it
    run = online(problem, target, epsilon=0.1)
    assert result.lower_bound <= result.constructed < run.points


def test_both_checkers_accept_and_the_claim_is_bound(digits, result, tmp_path):
    _, _, data = digits
    datasets.save(data, tmp_path / "d.npz")
    written = {
        "lower": result.certificate, "upper": result.upper_certificate, "distance": result.distance_certificate,
    }  # fmt: skip
    for name, top in written.items():
        (tmp_path / f"{name}.json").write_text(write.text(top))
        for module in (checker, flint_checker):
            assert module.verify(str(tmp_path / f"{name}.json"), str(tmp_path / "d.npz"))["valid"], name
    assert result.certificate["value"] == {"epsilon": "1/10", "points": 7}
    assert result.certificate["claim"] == "reach-frontier"


def resealed(top, change):
    new = json.loads(json.dumps(top))
    change(new)
    new["seal"] = checker.seal(new)
    return new


def claim(points=None, epsilon=None):
    def change(top):
        top["value"] = {"points": points or top["value"]["points"], "epsilon": epsilon or top["value"]["epsilon"]}

    return change


def put(key, value):
    def change(top):
        top["witness"][key] = value(top["witness"][key])

    return change


def negative_weight(cuts):
    return [{**cuts[0], "weight": "1/3"}, *cuts[1:]]


@pytest.mark.parametrize(
    "change",
    [
        claim(points=8),
        claim(points=10**12),
        claim(epsilon="11/100"),
        claim(epsilon="1"),
        put("kappa", lambda _: "0"),
        put("kappa", lambda k: str(Q(k) / 10**6)),
        put("direction", lambda v: {**v, "numerators": [str(2 * int(n)) for n in v["numerators"]]}),
        put("direction", lambda v: {**v, "numerators": v["numerators"][:-1]}),
        put("limits", lambda v: {**v, "plus": ["1", "0", "0"]}),
        put("tilts", lambda t: []),
        put("tilts", lambda t: [*t, t[0]]),
        put("tilts", lambda t: [*t, [361, "0"]]),
        put("last", lambda c: []),
        put("first", lambda c: [{**c[0], "label": -c[0]["label"]}, *c[1:]]),
        put("last", negative_weight),
        put("last", lambda c: [{**c[0], "x": {"denominator": "1", "numerators": ["2"] * 64}}, *c[1:]]),
        lambda top: top.update(radius="1/1000", mode="radius"),
        lambda top: top.update(c_r="8/100".replace("8/100", "2/25")),
    ],
)
def test_tampering_is_refused_by_both(change, digits, result):
    _, _, data = digits
    top = resealed(result.certificate, change)
    raw = write.text(top).encode()
    with pytest.raises((checker.Refused, checker.Malformed)):
        flint_checker.check(checker.parse(raw), data, None)
    with pytest.raises((checker.Refused, checker.Malformed)):
        by_standard(raw, data)


def by_standard(raw, data):
    k = checker.parse(raw)
    return checker.CHECKS[k.kind](k, standard(data), None)


_FILES = {}


def standard(data):
    """The data as the standard-library checker reads them."""
    if data.identity not in _FILES:
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "d.npz"
            datasets.save(data, path)
            _FILES[data.identity] = checker.Data(str(path))
    return _FILES[data.identity]


def test_both_checkers_agree_on_spoilt_numbers(digits, result):
    _, _, data = digits
    rng = np.random.default_rng(0)
    kept = []
    for _ in range(6):
        row, size = int(rng.integers(len(result.certificate["witness"]["tilts"]))), Q(int(rng.integers(-8, 9)), 2)

        def change(top, row=row, size=size):
            top["witness"]["tilts"][row][1] = str(Q(top["witness"]["tilts"][row][1]) + size)

        k = checker.parse(write.text(resealed(result.certificate, change)).encode())
        verdicts = []
        for check in (
            lambda k=k: checker.CHECKS[k.kind](k, standard(data), None),
            lambda k=k: flint_checker.check(k, data, None),
        ):
            try:
                check()
                verdicts.append(True)
            except checker.Refused:
                verdicts.append(False)
        assert verdicts[0] == verdicts[1]
        kept.append(verdicts[0])
    assert not all(kept)


@pytest.mark.parametrize("marks", ["box", "integer", "groups"])
@pytest.mark.parametrize("bias", [True, False])
def test_both_checkers_on_every_kind_of_domain(marks, bias, tmp_path):
    closed = 0
    rng = np.random.default_rng(0)
    for seed in range(4):
        data = small_data(seed, marks=marks)
        problem = data.problem("hinge", 0.09, bias=bias)
        result = fewest_points(problem, flipped_target(problem, seed), 0.02, data=data, search=False)
        if result.certificate is None:
            continue
        closed += 1
        path = tmp_path / "d.npz"
        datasets.save(data, path)
        case = Case("epsilon_lower_bound", result.certificate, path, None, data, problem, None)
        assert both(written(result.certificate, tmp_path), case) == "valid"
        fields = leaves(result.certificate)
        for index in rng.integers(len(fields), size=8):
            where, value = fields[index]
            for other in changes(value)[:3]:
                both(written(replaced(result.certificate, where, other), tmp_path), case)
    assert closed >= 2


def test_points_files(digits, result, tmp_path):
    problem, _, data = digits
    k = checker.parse(write.text(result.certificate).encode())
    rows = flint_checker.ExactRows(result.X, result.y, 1.0, True)
    # as many points as claimed or more: nothing to exclude; a few random ones: excluded
    flint_checker.check(k, data, rows)
    X, y = random_points(np.random.default_rng(0), problem, 3)
    flint_checker.check(k, data, flint_checker.ExactRows(X, y, 1.0, True))
    datasets.save(data, tmp_path / "d.npz")
    np.savez(tmp_path / "p.npz", X=X, y=y)
    (tmp_path / "c.json").write_text(write.text(result.certificate))
    assert checker.verify(str(tmp_path / "c.json"), str(tmp_path / "d.npz"), str(tmp_path / "p.npz"))["valid"]


def test_integer_features_are_relaxed_and_say_so():
    rng = np.random.default_rng(4)
    y = np.where(np.arange(120) % 2, 1.0, -1.0)
    X = (rng.random((120, 5)) < 0.5 + 0.25 * y[:, None]).astype(float)
    data = Dataset(X, y, lower=np.zeros(5), upper=np.ones(5), integer=np.ones(5, bool), name="census")
    problem = data.problem("hinge", 0.05)
    target = trained(problem, X[:12], -y[:12])
    result = fewest_points(problem, target, 0.1, data=data)
    assert result.kind == "relaxed"
    assert result.certificate["domain"] == "hull"
    assert result.lower_bound >= 1
    assert result.constructed is None or result.own_distance.upper <= result.distance.upper + 1e-9
    top = resealed(result.certificate, lambda t: t.update(domain="data"))
    with pytest.raises(checker.Refused, match="hull"):
        flint_checker.check(checker.parse(write.text(top).encode()), data, None)


def test_clean_model_close_enough(digits):
    problem, target, data = digits
    near = fewest_points(problem, target, 0.95, data=data)
    assert (near.lower_bound, near.constructed, near.status) == (0, 0, "optimal")


def test_frontier_on_a_small_problem():
    problem, target = problem_and_target(np.random.default_rng(2), d=2)
    ends = frontier(problem, target, [0, 2], steps=4, halvings=3, engine="active_set")
    assert [e.points for e in ends] == [0, 2]
    for end in ends:
        assert 0 <= end.lower <= end.upper
        away = distance(problem, trained(problem, end.X, end.y), target)
        assert len(end.y) <= end.points
        assert away.upper == pytest.approx(end.upper, abs=1e-6)
    assert all(a.upper >= b.upper - 1e-9 and a.lower >= b.lower - 1e-3 for a, b in itertools.pairwise(ends))


def test_command_line(tmp_path, digits):
    from command_line import mtp

    _, target, _ = digits
    datasets.save_model(tmp_path / "t.npz", target)
    common = ["bound", "digits-1-7", "--target", "t.npz", "--loss", "hinge", "--c-r", "0.09"]
    code, out, error = mtp(*common, "--epsilon", "0.5", "--certificate", "c.json", "--json", cwd=tmp_path)
    assert code == 0, error
    out = json.loads(out)
    assert out["epsilon"] == 0.5
    assert 1 <= out["lower_bound"] <= out["constructed"]
    assert out["distance"]["lower"] <= out["distance"]["upper"] <= 0.5
    code, text, _ = mtp("verify", "c.json", "digits-1-7", "--second", "--json", cwd=tmp_path)
    assert code == 0
    assert json.loads(text)["value"] == {"epsilon": "1/2", "points": out["lower_bound"]}
    for wrong in (["--epsilon", "-0.1"], ["--epsilon", "1"], ["--epsilon", "0.1", "--radius", "1"]):
        code, _, error = mtp(*common, *wrong, cwd=tmp_path)
        assert code == 2
        assert error.count("\n") == 1


def test_refusals(digits):
    problem, target, data = digits
    with pytest.raises(InputError, match="points"):
        frontier(problem, target, [-1])
    with pytest.raises(InputError, match="epsilon"):
        fewest_points(problem, target, 1.0, data=data)


def test_zero_epsilon_is_the_target_itself(digits):
    problem, target, data = digits
    # the float target as it stands, and any target near it; the relaxation's solver does not see margins at 1 +- 1e-10
    literal = bound(problem, target, data=data, mode="literal", search=False).lower_bound
    radius = bound(problem, target, data=data, search=False).lower_bound
    assert radius <= fewest_points(problem, target, 0.0, data=data, search=False).lower_bound <= literal
    assert fewest_points(problem, target, 1e-4, data=data, search=False).lower_bound == radius
