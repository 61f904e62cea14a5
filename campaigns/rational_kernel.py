"""The one-dimensional hinge world in checked 64-bit rationals: ten million exact instances in minutes.

A rational is a reduced pair (n, d) with d > 0; d = 0 marks a value that would not fit. Signed features are a / 4 with
-4 <= a <= 4, the domain is [-1, 1], and the weights come from a short list. Nothing is rounded: an operation that could
overflow gives the mark, and the instance is then counted as skipped. The tests hold every slack against the registry's
statements in Fractions.
"""

from __future__ import annotations

import numpy as np
from numba import njit

#: C_R as (n, d).
WEIGHTS = np.array([[1, 100], [1, 20], [1, 8], [1, 4], [1, 2], [1, 1], [2, 1], [9, 1]], dtype=np.int64)
#: The statements in the order of the slacks that :func:`instance` returns: (claim, version, variant, expected).
STATEMENTS = (
    ("lemma-2", "repaired", "", "holds"),
    ("lemma-1", "extended", "", "holds"),
    ("remark-2", "extended", "", "holds"),
    ("theorem-2", "repaired", "", "holds"),
    ("tight-lower-bound", "extended", "linearised regulariser", "holds"),
    ("theorem-1", "repaired", "", "holds"),
    ("last-iterate", "extended", "", "holds"),
    ("data-dependent-regret", "extended", "", "holds"),
    ("theorem-1", "printed", "", "violated"),
    ("theorem-1", "printed_appendix", "", "violated"),
)
#: Products beyond this are not formed: below 2^63 with room for the rounding of the float test.
LIMIT = 9.0e18


@njit
def gcd(a, b):
    """Greatest common divisor of two non-negative integers."""
    while b:
        a, b = b, a % b
    return a


@njit
def times(a, b):
    """a b for integers, or (0, False) where it would not fit."""
    if abs(float(a) * float(b)) > LIMIT:
        return 0, False
    return a * b, True


@njit
def mul(x, y):
    """Product of rationals."""
    if x[1] == 0 or y[1] == 0:
        return (0, 0)
    g, h = gcd(abs(x[0]), y[1]), gcd(abs(y[0]), x[1])
    n, good = times(x[0] // g, y[0] // h)
    d, fine = times(x[1] // h, y[1] // g)
    return (n, d) if good and fine else (0, 0)


@njit
def inverse(x):
    """1 / x for x other than 0."""
    if x[1] == 0 or x[0] == 0:
        return (0, 0)
    return (x[1], x[0]) if x[0] > 0 else (-x[1], -x[0])


@njit
def add(x, y):
    """Sum of rationals."""
    if x[1] == 0 or y[1] == 0:
        return (0, 0)
    g = gcd(x[1], y[1])
    a, one = times(x[0], y[1] // g)
    b, two = times(y[0], x[1] // g)
    d, three = times(x[1], y[1] // g)
    if not (one and two and three) or abs(float(a) + float(b)) > LIMIT:
        return (0, 0)
    n = a + b
    h = gcd(abs(n), d)
    return (n // h, d // h)


@njit
def sub(x, y):
    """Difference of rationals."""
    return add(x, (-y[0], y[1]))


@njit
def larger(x, y):
    """max(x, y)."""
    z = sub(x, y)
    if z[1] == 0:
        return (0, 0)
    return x if z[0] > 0 else y


@njit
def hinge(theta, s):
    """(1 - theta s)_+."""
    return larger((0, 1), sub((1, 1), mul(theta, s)))


@njit
def half_square(theta):
    """theta^2 / 2."""
    return mul((1, 2), mul(theta, theta))


@njit
def best_point(theta, target):
    """Signed feature in [-1, 1] of largest loss difference, the smallest among ties, and that difference."""
    best, at = (0, 0), (0, 1)
    candidates = [(-1, 1), (1, 1)]
    for model in (theta, target):
        if model[1] != 0 and model[0] != 0:
            k = inverse(model)
            if abs(k[0]) < k[1]:
                candidates.append(k)
    for s in candidates:
        value = sub(hinge(theta, s), hinge(target, s))
        if value[1] == 0:
            return (0, 0), at
        gain = sub(value, best)
        if best[1] == 0 or gain[0] > 0 or (gain[0] == 0 and sub(s, at)[0] < 0):
            best, at = value, s
    return best, at


@njit
def clean_potential(a, size, weight, theta):
    """F_0 and the summed clean loss at theta."""
    loss = (0, 1)
    for i in range(size):
        g = gcd(4, abs(a[i]))
        loss = add(loss, hinge(theta, (a[i] // g, 4 // g)))
    return add(loss, mul(mul((size, 1), weight), half_square(theta))), loss


@njit
def point_objective(theta, s, weight):
    """f_z at theta."""
    return add(hinge(theta, s), mul(weight, half_square(theta)))


@njit
def least_gradient(theta, s, weight):
    """Square of the least subgradient of f_z at theta."""
    smooth = mul(weight, theta)
    margin = sub(mul(theta, s), (1, 1))
    if margin[1] == 0:
        return (0, 0)
    if margin[0] > 0:
        return mul(smooth, smooth)
    steep = sub(smooth, s)
    if margin[0] < 0:
        return mul(steep, steep)
    if smooth[0] == 0 or steep[0] == 0 or (smooth[0] > 0) != (steep[0] > 0):
        return (0, 1)
    one, two = mul(smooth, smooth), mul(steep, steep)
    return one if sub(one, two)[0] < 0 else two


@njit
def _optimal(a, size, total, s, theta):
    """Does 0 lie in the subdifferential at theta, exactly?"""
    left = right = mul(total, theta)
    for i in range(size + 1):
        if i < size:
            g = gcd(4, abs(a[i]))
            x = (a[i] // g, 4 // g)
        else:
            x = s
        margin = sub(mul(theta, x), (1, 1))
        if margin[1] == 0:
            return False
        if margin[0] < 0:
            left, right = sub(left, x), sub(right, x)
        elif margin[0] == 0:
            if x[0] > 0:
                left = sub(left, x)
            else:
                right = sub(right, x)
    return left[1] != 0 and right[1] != 0 and left[0] <= 0 and right[0] >= 0


@njit
def _after(a, size, weight, s):
    """The model after adding the point s, by its optimality conditions: a kink, or a linear piece between kinks."""
    total = mul((size + 1, 1), weight)
    kinks = [(0, 1)]
    kinks.pop()
    for i in range(size):
        if a[i] != 0:
            g = gcd(4, abs(a[i]))
            kinks.append((4 // g, a[i] // g) if a[i] > 0 else (-4 // g, -a[i] // g))
    if s[0] != 0:
        kinks.append(inverse(s))
    # a candidate is the minimiser exactly if 0 lies between its one-sided slopes
    for k in kinks:
        if _optimal(a, size, total, s, k):
            return k
    # otherwise no point is at its kink: solve for each prefix of the sorted pieces by the active set of the kinks' gaps
    order = np.array([k[0] / k[1] for k in kinks])
    order.sort()
    for j in range(order.size + 1):
        if order.size == 0:
            inner = 0.0
        elif j == 0:
            inner = order[0] - 1.0
        elif j == order.size:
            inner = order[j - 1] + 1.0
        else:
            inner = 0.5 * (order[j - 1] + order[j])
        pull = (0, 1)
        for i in range(size):
            if inner * a[i] < 4.0:
                g = gcd(4, abs(a[i]))
                pull = add(pull, (a[i] // g, 4 // g))
        if inner * s[0] < s[1]:
            pull = add(pull, s)
        theta = mul(pull, inverse(total))
        if theta[1] != 0 and _optimal(a, size, total, s, theta):
            return theta
    return (0, 0)


@njit
def erm(a, size, weight):
    """Minimiser of the summed hinge losses of the features a / 4 plus ``size`` times weight theta^2 / 2."""
    # the last point plays the part of the added one
    g = gcd(4, abs(a[size - 1]))
    return _after(a, size - 1, weight, (a[size - 1] // g, 4 // g))


@njit
def _norm_slack(a, size, weight, clean):
    """l(0) - mean loss - 2 c R at the clean model."""
    _, loss = clean_potential(a, size, weight, clean)
    return sub(sub((1, 1), mul(loss, inverse((size, 1)))), mul(weight, mul(clean, clean)))


@njit
def _gamma(target, weight):
    """1 - C_R / lambda* on [-1, 1]: lambda* = min(1, 1/|target|) / |target|."""
    if target[0] == 0:
        return (1, 1)
    size = (abs(target[0]), target[1])
    bound = mul(size, larger((1, 1), size))
    return sub((1, 1), mul(weight, bound))


@njit
def instance(a, size, weight, witness, count, scale, test):
    """Slacks of STATEMENTS for clean features a[:size] / 4, a target trained on witness[:count] / 4 at ``scale`` C_R.

    One poisoning point; ``test`` is the other model of the pair statements. A slack (0, 0) did not fit or does not
    apply.
    """
    out = [(0, 0)] * 10
    lam = mul(scale, weight)
    target, clean = erm(witness, count, lam), erm(a, size, weight)
    out[2] = _norm_slack(a, size, weight, clean)
    change = sub(half_square(test), half_square(target))
    s_test, _ = best_point(test, target)
    # S + c dR - (1 - c/lam) S  and  S + lam dR - lam |theta - target|^2 / 2
    out[0] = add(mul(inverse(scale), s_test), mul(weight, change))
    step = sub(test, target)
    out[1] = sub(add(s_test, mul(lam, change)), mul(lam, half_square(step)))
    # one round of the attack
    distance, s = best_point(clean, target)
    after = _after(a, size, weight, s)
    if after[1] == 0 or distance[1] == 0:
        return out
    f_target, l_target = clean_potential(a, size, weight, target)
    f_clean, l_clean = clean_potential(a, size, weight, clean)
    f_after, _ = clean_potential(a, size, weight, after)
    delta = sub(add(f_clean, point_objective(clean, s, weight)), add(f_after, point_objective(after, s, weight)))
    initial = sub(f_target, f_clean)
    gamma = _gamma(target, weight)
    if gamma[1] != 0 and gamma[0] > 0:
        short = add(delta, sub(l_target, l_clean))
        out[5] = sub(mul(add(delta, initial), inverse(gamma)), distance)
        out[8] = sub(mul(short, inverse(gamma)), distance)
        last, _ = best_point(after, target)
        out[9] = sub(mul(add(delta, initial), inverse(gamma)), last)
    bracket = sub(point_objective(clean, s, weight), point_objective(target, s, weight))
    miss = mul(mul((size + 1, 1), weight), half_square(sub(after, target)))
    out[6] = sub(add(initial, delta), add(miss, bracket))
    square = mul(least_gradient(clean, s, weight), inverse(mul(weight, (2 * (size + 1), 1))))
    out[7] = sub(square, delta)
    # the model after the round is induced by one point: Theorem 2 for it, at the test model
    f_test, _ = clean_potential(a, size, weight, test)
    numerator = sub(f_after, f_test)
    s_after, _ = best_point(test, after)
    regularised = add(s_after, mul(weight, sub(half_square(test), half_square(after))))
    out[3] = sub(regularised, numerator)
    spread = mul(weight, half_square(sub(test, after)))
    out[4] = sub(sub(regularised, spread), add(numerator, mul((size, 1), spread)))
    return out


@njit
def draw(state):
    """Next number of a 64-bit linear congruential generator, its upper 31 bits; as (state, number)."""
    state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return state, np.int64(state >> np.uint64(33))


@njit
def random_instance(state, a, witness):
    """Fill ``a`` and ``witness``; returns (state, size, weight, count, scale, test model)."""
    state, r = draw(state)
    size = 1 + r % 3
    for i in range(size):
        state, r = draw(state)
        a[i] = r % 9 - 4
    state, r = draw(state)
    weight = (WEIGHTS[r % 8, 0], WEIGHTS[r % 8, 1])
    state, r = draw(state)
    count = 1 + r % 2
    for i in range(count):
        state, r = draw(state)
        witness[i] = r % 9 - 4
    state, r = draw(state)
    scale = (1, 1) if r % 3 == 0 else ((3, 2) if r % 3 == 1 else (4, 1))
    state, r = draw(state)
    n, d = r % 25 - 12, 1 + (r // 25) % 6
    g = gcd(abs(n), d)
    return state, size, weight, count, scale, (n // g, d // g)


@njit
def campaign(seed, count):
    """For each statement: how often it was evaluated, violated and an equality; and how many slacks did not fit."""
    tally = np.zeros((10, 4), dtype=np.int64)
    a, witness = np.zeros(3, dtype=np.int64), np.zeros(2, dtype=np.int64)
    state = np.uint64(seed)
    for _ in range(count):
        state, size, weight, number, scale, test = random_instance(state, a, witness)
        slacks = instance(a, size, weight, witness, number, scale, test)
        for k in range(10):
            n, d = slacks[k]
            if d == 0:
                tally[k, 3] += 1
            else:
                tally[k, 0] += 1
                tally[k, 1] += n < 0
                tally[k, 2] += n == 0
    return tally


__all__ = ["STATEMENTS", "WEIGHTS", "campaign", "instance", "random_instance"]
