"""Random exact instances for the checks, by kind; one generator serves seeded runs and Hypothesis alike."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from ...exact import vectors as v
from ...exact.line import Choice, RationalProblem, RationalRun, attack, erm, hinge
from . import exact
from . import kinds as f
from . import vectors as vf
from .drawing import (
    DOMAINS,
    SYMMETRIC,
    WEIGHTS,
    Draw,
    SeededDraw,
    any_model,
    any_target,
    around,
    attainable_target,
    problem,
    signed_feature,
    small_vector,
)
from .frontier_instances import energies, phases, transfers, vector_point
from .mixtures import mixtures
from .rates import rates
from .regression import regressions
from .sentences import growths, midpoints, plateaus, rounds_zero
from .sharp import sharp_copies, sharp_pairs, sharp_rates, sharp_runs, sharp_vectors
from .spatial import descents, spatial_pairs, spatial_runs
from .two_points import two_points
from .waste import wastes


def runs(draw: Draw) -> f.RunFacts:
    """Algorithm 1 against an attainable target, against any model, or from a clean model of the largest norm."""
    if draw.integer(0, 7) == 0:
        return pulled_run(draw)
    p = problem(draw)
    target = any_target(draw, p)
    return exact.exact_run(attack(p, target, draw.integer(1, 8)), f"{p}, target {target}")


def pulled_run(draw: Draw) -> f.RunFacts:
    """The clean model has the largest norm that remark-2 allows and the target pulls the other way: gradients are largest."""
    root = draw.pick((Fraction(1, 3), Fraction(1, 2), Fraction(1)))
    p = RationalProblem((root,) * draw.pick((1, 4, 20)), root * root, SYMMETRIC[2])
    target = erm([Fraction(-3)], p.c * draw.pick((Fraction(1), Fraction(2))))
    return exact.exact_run(attack(p, target, draw.integer(1, 3)), f"{p}, target {target}")


def copied_runs(draw: Draw) -> f.RunFacts:
    """Algorithm 1 with several copies of the point in each round."""
    p = problem(draw)
    target, copies = any_target(draw, p), draw.integer(1, 4)
    run = attack(p, target, draw.integer(1, 5), copies=copies)
    return exact.exact_run(run, f"{p}, target {target}, {copies} copies a round")


def set_runs(draw: Draw) -> f.RunFacts:
    """Algorithm 1 with set union: a point that was selected before is not added again."""
    p = problem(draw)
    target, _ = attainable_target(draw, p)
    return exact.exact_run(attack(p, target, draw.integer(1, 12), union="set"), f"{p}, target {target}, set union")


def approximate_choice(alpha: Fraction, eta: Fraction) -> Choice:
    """An oracle that returns the worst candidate which it may: alpha times the maximum less eta."""

    def choose(p: RationalProblem, theta: Fraction, target: Fraction) -> Fraction:
        need = alpha * p.distance(theta, target) - eta
        # clean points too: a wrong point is most harmful where it changes nothing
        candidates = [*p.data, *p.candidates(theta, target)]
        gains = [(hinge(theta, s) - hinge(target, s), s) for s in candidates]
        return min(g for g in gains if g[0] >= need)[1]

    return choose


def approximate_runs(draw: Draw) -> f.RunFacts:
    """Algorithm 1 with an approximate oracle, on symmetric domains (the maximum is not negative there)."""
    p = problem(draw, both_labels=True)
    target, _ = attainable_target(draw, p)
    alpha = draw.pick((Fraction(1, 4), Fraction(1, 2), Fraction(9, 10), Fraction(1)))
    eta = draw.pick((Fraction(0), Fraction(0), Fraction(1, 10)))
    run = attack(p, target, draw.integer(1, 6), choose=approximate_choice(alpha, eta))
    return exact.exact_run(run, f"{p}, target {target}, alpha {alpha}, eta {eta}", alpha=alpha, eta=eta)


def arbitrary_runs(draw: Draw) -> f.RunFacts:
    """Any models and any points: neither training nor maximisation is exact, the first model need not be the clean one."""
    p = problem(draw)
    target = any_target(draw, p)
    rounds = draw.integer(1, 5)
    poison = tuple(signed_feature(draw, p.domain) for _ in range(rounds))
    thetas = tuple(any_model(draw) for _ in range(rounds + 1))
    run = RationalRun(p, target, thetas, poison)
    return exact.exact_run(run, f"{p}, target {target}, models {thetas}, points {poison}")


def inexact_runs(draw: Draw) -> f.RunFacts:
    """Any models; each point attains the maximal loss difference at the model of its round."""
    p = problem(draw)
    target = any_target(draw, p)
    trained = attack(p, target, draw.integer(1, 5))
    noise = draw.pick((Fraction(0), Fraction(1, 100), Fraction(1, 2)))
    thetas = tuple(t + noise * draw.integer(-2, 2) for t in trained.thetas)
    poison = tuple(p.maximiser(t, target) for t in thetas[:-1])
    run = RationalRun(p, target, thetas, poison)
    return exact.exact_run(run, f"{p}, target {target}, models {thetas}")


def pairs(draw: Draw) -> f.PairFacts:
    """An attainable target, any model (often the target shrunk a little), any third model."""
    p = problem(draw)
    target, lam = attainable_target(draw, p)
    if draw.integer(0, 7) == 7:
        # the target has the largest norm that remark-2 allows
        root = draw.pick((Fraction(1, 3), Fraction(1, 2), Fraction(1)))
        p = RationalProblem((root,), root * root, SYMMETRIC[2])
        target, lam = p.clean_model(), p.c
    trained = erm([signed_feature(draw, p.domain) for _ in range(draw.integer(1, 3))], p.c)
    shrunk = target * (1 - Fraction(1, draw.pick((2, 100, 100_000))))
    options = ((target, True), (trained, True), (trained, True), (any_model(draw), False), (shrunk, False))
    theta, attainable = draw.pick(options)
    attainable = attainable and p.attainable(target, p.c)
    description = f"{p}, theta {theta}, target {target}, lam {lam}"
    return exact.exact_pair(p, theta, target, any_model(draw), lam, attainable, description)


def induced(draw: Draw) -> f.InducedFacts:
    """A target that added points really induce, tested against models around it and elsewhere."""
    p = problem(draw)
    poison = [signed_feature(draw, p.domain) for _ in range(draw.integer(0, 6))]
    target = erm([*p.data, *poison], p.c)
    return exact.exact_induced(p, len(poison), target, around(draw, p, target), f"{p}, poison {poison}")


def near(draw: Draw) -> f.NearFacts:
    """A model that added points induce, and a target at most a little away from it, or where the bound is tightest."""
    if draw.integer(0, 4) == 0:
        return tight_near(draw)
    p = problem(draw)
    poison = [signed_feature(draw, p.domain) for _ in range(draw.integer(0, 6))]
    shift = Fraction(draw.integer(-2, 2), draw.pick((1, 10, 100)))
    target = erm([*p.data, *poison], p.c) + shift
    return exact.exact_near(p, poison, target, around(draw, p, target), f"{p}, target {target}, poison {poison}")


def tight_near(draw: Draw) -> f.NearFacts:
    """The induced model a and the tested model 2a, with all losses linear in between: the sharpest Corollary 1 is an equality."""
    a = draw.pick((Fraction(1, 10), Fraction(1), Fraction(2)))
    s = min(Fraction(3), 1 / (2 * a))
    poison = draw.integer(1, 2)
    n = draw.integer(1, 8) + int(3 * poison / s)  # n s > 3 poison, so that c > 0
    c = (n * s - 3 * poison) / ((n + poison) * a)
    p = RationalProblem((s,) * n, c, SYMMETRIC[2])
    target = a + Fraction(draw.integer(0, 1) * draw.integer(-1, 1), 100)
    points = [Fraction(-3)] * poison
    return exact.exact_near(p, points, target, [2 * a, 4 * a, Fraction(0)], f"{p}, target {target}, poison {points}")


def attained(draw: Draw) -> f.AttainedFacts:
    """A trained model in one to three dimensions, tested against other models."""
    weight = draw.pick(WEIGHTS)
    if draw.integer(0, 2) == 0:
        d = draw.integer(1, 3)
        points = [small_vector(draw, d) for _ in range(draw.integer(1, 3))]
        others = [small_vector(draw, d) for _ in range(3)]
        return vf.vector_attained(points, weight, others, f"points {points}, weight {weight}")
    domain = draw.pick(DOMAINS)
    data = [signed_feature(draw, domain) for _ in range(draw.integer(1, 5))]
    copies = draw.integer(1, 3)
    tested = [any_model(draw) for _ in range(4)]
    return exact.exact_attained(data, weight, tested, copies, f"data {data}, weight {weight}, {copies} copies")


def leaders(draw: Draw) -> f.LeaderFacts:
    """Follow-the-leader on random strongly convex functions, from any first model."""

    def loss() -> exact.Loss1D:
        s = draw.pick((Fraction(0), signed_feature(draw, SYMMETRIC[2])))
        return exact.Loss1D(s, draw.pick((Fraction(1, 2), Fraction(1), Fraction(3))), any_model(draw))

    losses = [loss() for _ in range(draw.integer(1, 8))]
    rho, start = draw.pick((Fraction(0), Fraction(0), Fraction(1))), any_model(draw)
    return exact.exact_leader(losses, rho, start, f"{losses}, rho {rho}, start {start}")


def minima(draw: Draw) -> f.MinimumFacts:
    """The fractional minimum of a C_R-attainable target on a symmetric domain."""
    p = problem(draw, both_labels=True)
    target, _ = attainable_target(draw, p)
    return exact.exact_minimum(p, target, around(draw, p, target), f"{p}, target {target}")


def two_targets(draw: Draw) -> f.TwoTargetsFacts:
    """Two attainable targets on the same data."""
    p = problem(draw, both_labels=True)
    first, second = attainable_target(draw, p)[0], attainable_target(draw, p)[0]
    return exact.exact_two_targets(p, first, second, f"{p}, targets {first} and {second}")


def point(draw: Draw) -> f.PointFacts:
    """One point of the domain and the exact distance of two models, in one to three dimensions."""
    domain, _, theta, target = vector_pair(draw)
    if domain is not None:
        x = vector_point(draw, domain, theta, target)
        y = draw.pick((-1, 1))
        return vf.vector_point(domain, theta, target, x, y, f"{domain.name}, {theta}, {target}, {x}, {y}")
    p = problem(draw)
    a, b, s = any_model(draw), any_model(draw), signed_feature(draw, p.domain)
    return exact.exact_point(a, b, s, p.distance(a, b), f"{p}, theta {a}, target {b}, s {s}")


def vector_pair(draw: Draw) -> tuple[v.ConvexSet | None, str, v.Vector, v.Vector]:
    """A domain (None: R^d), its kind, and two models: independent, parallel or a step along one axis apart."""
    d = draw.integer(1, 3)
    target = small_vector(draw, d)
    other = small_vector(draw, d)
    step = tuple(Fraction(draw.integer(-1, 1), 4) if i == 0 else Fraction(0) for i in range(d))
    scale = Fraction(draw.integer(0, 5), 4)
    theta = draw.pick((other, v.combine(scale, target, v.ZERO, target), v.combine(v.ONE, target, v.ONE, step)))
    if draw.integer(0, 1):
        theta, target = target, theta
    kind = draw.pick(("space", "cube", "box", "l1"))
    if kind == "space":
        k = Fraction(draw.integer(0, 4), 4)
        return None, kind, v.combine(k, target, v.ZERO, target), target
    r = max(v.l1_norm(theta), v.l1_norm(target))
    if kind == "cube":
        # often the smallest cube that Theorem 4 needs
        q = 1 / r if r > 0 and draw.integer(0, 1) else draw.pick((Fraction(1, 3), Fraction(1), Fraction(2)))
        return v.cube(q, d), kind, theta, target
    if kind == "box":
        return v.unit_box(d), kind, theta, target
    q = d / r if r > 0 and draw.integer(0, 1) else draw.pick((Fraction(1, 2), Fraction(1), Fraction(3)))
    return v.CrossPolytope(q, d), kind, theta, target


def vectors(draw: Draw) -> vf.VectorFacts:
    """A pair of hinge models on R^d, a cube, [0, 1]^d or an l1 ball, without a bias."""
    domain, kind, theta, target = vector_pair(draw)
    c = draw.pick(WEIGHTS)
    name = "X = R^d" if domain is None else domain.name
    return vf.exact_vectors(domain, kind, theta, target, c, f"{name}, theta {theta}, theta' {target}, C_R {c}")


#: Facts by the ``kind`` of a statement.
GENERATORS: dict[str, Callable[[Draw], f.Facts]] = {
    "run": runs,
    "copies": copied_runs,
    "set_run": set_runs,
    "approximate": approximate_runs,
    "arbitrary": arbitrary_runs,
    "inexact": inexact_runs,
    "pair": pairs,
    "induced": induced,
    "near": near,
    "attained": attained,
    "leader": leaders,
    "minimum": minima,
    "two_targets": two_targets,
    "point": point,
    "vectors": vectors,
    "phases": phases,
    "transfer": transfers,
    "energy": energies,
    "rate": rates,
    "descent": descents,
    "mixture": mixtures,
    "two_points": two_points,
    "waste": wastes,
    "spatial_run": spatial_runs,
    "spatial_pair": spatial_pairs,
    "round_zero": rounds_zero,
    "midpoint": midpoints,
    "growth": growths,
    "plateau": plateaus,
    "regression": regressions,
    "sharp_run": sharp_runs,
    "sharp_pair": sharp_pairs,
    "sharp_copies": sharp_copies,
    "sharp_rate": sharp_rates,
    "sharp_vectors": sharp_vectors,
}

#: Kinds whose instances have the fields of another kind: in two and three dimensions, with a bias, and where bounds are
#: nearly attained. They are drawn apart, so that the numbers of the instances stay what they are.
ALSO: dict[str, tuple[str, ...]] = {
    "run": ("spatial_run", "sharp_run"),
    "pair": ("spatial_pair", "sharp_pair"),
    "rate": ("spatial_run", "sharp_rate"),
    "vectors": ("sharp_vectors",),
    "copies": ("sharp_copies",),
}
#: One such instance for so many of the kind itself: training tries every case.
ALSO_EVERY = 4


def instance(kind: str, seed: int, index: int) -> f.Facts:
    """Instance number ``index`` of a kind under ``seed``: the same numbers whatever was drawn before."""
    return GENERATORS[kind](SeededDraw(f"{seed}/{kind}/{index}"))


@lru_cache(maxsize=32)
def generate(kind: str, examples: int, seed: int) -> tuple[f.Facts, ...]:
    """The first ``examples`` instances of a kind under ``seed``; the statements of a claim share them."""
    return tuple(instance(kind, seed, index) for index in range(examples))
