"""Algorithm 1 is the conditional gradient method of Frank and Wolfe with an open-loop step."""

from __future__ import annotations

from collections.abc import Iterator

from ..engine.model import Case, Claim, Inequality, Statement, Version, symbols
from ..facts.mixtures import MixtureFacts

VALUE, AT, MEAN, S_REG, EXCESS, SIZE, OTHER, MEAN_OTHER = symbols(
    r"g(\nu_k)",
    r"h_k(z_k)",
    r"\int h_k\,d\nu_k",
    r"\left[D(\theta_k,\theta_p)+C_R(R(\theta_k)-R(\theta_p))\right]",
    "a_k",
    "(N+k)",
    r"g(\nu)",
    r"\int h_k\,d\nu",
)

GAP = Inequality(AT - MEAN, S_REG + EXCESS / SIZE, equal=True)
IDENTITY = Inequality(VALUE, -EXCESS / SIZE, equal=True)
SUPERGRADIENT = Inequality(OTHER, VALUE + MEAN_OTHER - MEAN)
ORACLE = Inequality(MEAN_OTHER, AT)


def cases(facts: MixtureFacts) -> Iterator[Case]:
    """The round by itself."""
    values = {
        VALUE.name: facts.value,
        AT.name: facts.at_point,
        MEAN.name: facts.mean,
        S_REG.name: facts.regularised,
        EXCESS.name: facts.excess,
        SIZE.name: facts.size,
    }
    yield Case(values, facts.description)


def other_cases(facts: MixtureFacts) -> Iterator[Case]:
    """The round against other distributions."""
    (own,) = cases(facts)
    for k, (value, mean) in enumerate(facts.others):
        yield Case({**own.values, OTHER.name: value, MEAN_OTHER.name: mean}, f"{facts.description}, distribution {k}")


_SETTING = (
    r"$\theta_k$ trained on the clean data and $z_0,\dots,z_{k-1}$, $\nu_k$ their distribution; $z_k$ of maximal loss difference",
    r"$g(\nu)=\min_\theta\int[\ell(\theta;z)-\ell(\theta_p;z)]\,d\nu+C_R(R(\theta)-R(\theta_p))\le0$, $h_k=\ell(\theta_k;\cdot)-\ell(\theta_p;\cdot)$",
)

CLAIM = Claim(
    id="frank-wolfe",
    title="Algorithm 1 is a conditional gradient method",
    source="extended (Algorithm 1)",
    summary=(
        r"Line 4 is the linear maximisation oracle of a concave function of the training set's distribution, and adding the point is a step of "
        r"length $1/(N+k+1)$ towards it: the method of Frank and Wolfe with the step of herding."
    ),
    sharper=r"Clean mass cannot be taken away: after n points the distributions within reach are $(N\nu_0+n\mu)/(N+n)$, so that away steps act on added points only.",
    statements=(
        Statement(
            version=Version.EXTENDED,
            words="The gap of the conditional gradient method is the regularised distance plus the target's excess for each point:",
            inequality=GAP,
            hypotheses=_SETTING,
            cases=cases,
            kind="mixture",
            theorem="MTP.frank_wolfe.frank_wolfe_extended",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="value",
            words="The value along the attack is the target's excess for each point, with the other sign:",
            inequality=IDENTITY,
            hypotheses=_SETTING,
            cases=cases,
            kind="mixture",
            theorem="MTP.frank_wolfe.frank_wolfe_extended_value",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="supergradient",
            words=r"$h_k$ is a supergradient: for the distribution $\nu$ of any nonempty multiset",
            inequality=SUPERGRADIENT,
            hypotheses=_SETTING,
            cases=other_cases,
            kind="mixture",
            theorem="MTP.frank_wolfe.frank_wolfe_extended_supergradient",
        ),
        Statement(
            version=Version.EXTENDED,
            variant="oracle",
            words=r"and among all $\nu$ on $\mathcal X\times\mathcal Y$ its linear form is largest at the point of line 4:",
            inequality=ORACLE,
            hypotheses=_SETTING,
            cases=other_cases,
            kind="mixture",
            theorem="MTP.frank_wolfe.frank_wolfe_extended_oracle",
        ),
    ),
    code="mtp_theory.attacks.online",
)
