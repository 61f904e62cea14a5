"""Corollary 1: k epsilon stands in the denominator with a plus."""

from __future__ import annotations

from sympy import Integer, Rational

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "corollary-1"
TITLE = "Corollary 1's sign"


def steps() -> list[Step]:
    """Theorem 2 at the induced model, two triangle inequalities, and the instance that tells the signs apart."""
    loss, loss_target, r = real(r"L(\theta)", r"L(\theta_p)", r"R(\theta)")
    loss_induced, to_induced = real(r"L(\theta')", r"D(\theta,\theta')")
    (to_target,) = real(r"D(\theta,\theta_p)")
    n, points = positive("n", "N")
    c, e, s1, s2, s3, s4 = nonnegative("c", r"k\varepsilon", "s_1", "s_2", "s_3", "s_4")
    largest, induced = nonnegative("R^*", r"R(\theta')")
    # triangle: D(t, t') + s1 = D(t, tp) + e;  loss: L(tp) = L(t') + N e - s2;  Theorem 2 at t' with slack s3
    triangle = {to_induced: to_target + e - s1}
    clean = {loss_induced: loss_target - points * e + s2}
    theorem_2 = {
        loss_target: loss
        + points * e
        - s2
        + points * c * (r - induced)
        + n * (to_target + e - s1 + c * (r - induced))
        - s3
    }
    final = {symbol: value.subs({r: largest - s4}) for symbol, value in theorem_2.items()}
    numerator = loss_target - loss - points * c * largest - points * e
    # the instance of the refutation: L(tp) - L(t) = 4, D(t, tp) = 2, k eps = 3 * 17/25
    k_eps = 3 * Rational(17, 25)
    instance = {
        loss_target: 4,
        loss: 0,
        to_target: 2,
        points: 1,
        c: Rational(1, 100),
        largest: Rational(9, 2),
        e: k_eps,
    }
    plus, minus = (numerator / (to_target + c * largest + sign * e) for sign in (1, -1))
    needed = Integer(2)
    return [
        Step(
            r"Let $\theta'$ be the model that the $n$ points induce, $\varepsilon$-close to $\theta_p$, and "
            r"$D(\theta_p,\theta')\le k\varepsilon$. Going from $\theta$ over $\theta_p$ to $\theta'$ *adds* "
            r"$k\varepsilon$:",
            AtMost(to_induced, to_target + e, s1, triangle),
        ),
        Step(
            r"Summed over the $N$ clean points, $D(\theta_p,\theta')\le k\varepsilon$ also says",
            AtMost(loss_target - loss_induced, points * e, s2, clean),
        ),
        Step(
            r"Theorem 2 holds exactly at $\theta'$: $L(\theta')-L(\theta)+Nc\left(R(\theta')-R(\theta)\right)\le "
            r"n\left[D(\theta,\theta')+c\left(R(\theta)-R(\theta')\right)\right]$. With the two lines above, "
            r"$R(\theta')\ge0$ and $R(\theta)\le R^*$, the form with the plus:",
            AtMost(
                numerator,
                n * (to_target + c * largest + e),
                s2 + s3 + n * s1 + points * c * (s4 + induced) + n * c * (s4 + induced),
                final,
            ),
        ),
        Step(
            r"With a minus the bound fails. Hinge loss on $[-1,1]$, $c=\frac1{100}$, $D_c=\{(1,+1)\}$, target "
            r"$-3$, $\theta=1$, $R^*=\frac92$, $k=3$, $\varepsilon=\frac{17}{25}$: two points $(1,-1)$ induce "
            r"$-1$, which is close enough. The minus of the printed proof demands",
            Equal(minus, Integer(383), instance),
        ),
        Step(
            r"points, where two suffice; the plus demands",
            Equal(plus, Rational(383, 817), instance),
        ),
        Step(r"which two points do meet:", AtMost(plus, needed, Rational(1251, 817), instance)),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
