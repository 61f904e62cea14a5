"""The bound p + q log(q/M) - q <= M behind certificates for the logistic loss."""

from __future__ import annotations

import sympy

from .steps import AtMost, Equal, Step, nonnegative, positive, real, verify

CLAIM = "exact-gamma"
TITLE = "The conjugate bound of logistic certificates"


def steps() -> list[Step]:
    """From a supremum of a product to one support function and one logarithm."""
    form, margin, w, residual, slope = real(r"\langle\lambda,yx\rangle", "v", "w", r"\rho(w)", r"\rho'(w)")
    curvature, support = real(r"\rho''(w)", "p")
    big, q = positive("M", "q")
    above, below, least = nonnegative("s_1", "s_2", r"\rho(w)")
    kernel = sympy.exp(w) - 1 - w
    at_zero = {residual: kernel.subs(w, 0), slope: sympy.diff(kernel, w).subs(w, 0)}
    logarithm = q * sympy.log(q / big)
    suffices = {support: big - below - logarithm + q}
    # M e^v = q v - q log(q/M) + q + q rho(w), the third line solved for the exponential
    (exponential,) = real("e^v")
    compared = {
        exponential: (q * margin - logarithm + q + q * least) / big,
        form: suffices[support] + q * margin - above,
    }
    return [
        Step(
            r"Pricing asks whether $\langle\lambda,yx\rangle\,\psi(v)\le M$ on the domain, where "
            r"$\psi(v)=1/(1+e^v)$ and $v=y\langle\theta_p,x\rangle$ is the target's margin; that is, whether "
            r"$\langle\lambda,yx\rangle\le M+Me^v$. For any $q>0$ let $p$ be the maximum of the linear form "
            r"$\langle\lambda,yx\rangle-qv$ over the domain:",
            AtMost(form, support + q * margin, above, {form: support + q * margin - above}),
        ),
        Step(
            r"Compare $qv$ with $Me^v$. With $v=\log\frac qM+w$ they differ by $q$ times $\rho(w)=e^w-1-w$, up to "
            r"a constant:",
            Equal(
                big * sympy.exp(margin) - (q * margin - logarithm + q),
                q * residual,
                {margin: sympy.log(q / big) + w, residual: kernel},
            ),
        ),
        Step(r"At $w=0$ it vanishes,", Equal(residual, sympy.Integer(0), at_zero)),
        Step(r"so does its slope,", Equal(slope, sympy.Integer(0), at_zero)),
        Step(
            r"and $\rho$ is convex, so $\rho\ge0$:",
            AtMost(sympy.Integer(0), curvature, sympy.exp(w), {curvature: sympy.diff(kernel, w, 2)}, strict=True),
        ),
        Step(
            r"The certificate's inequality, one logarithm rounded up, is",
            AtMost(support + logarithm - q, big, below, suffices),
        ),
        Step(
            r"and it suffices, as the lines above add up to",
            AtMost(form, big + big * exponential, above + below + q * least, compared),
        ),
    ]


def check() -> None:
    """Every step holds."""
    verify(steps())
