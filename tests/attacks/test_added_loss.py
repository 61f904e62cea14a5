"""The loss of the added points without reading them, against the sum from its definition."""

import numpy as np
import pytest

from mtp_theory.attacks.added_loss import AddedLoss
from mtp_theory.shadow import Oracle
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer


def run(rounds, every=1, bug=False, engine="auto", loss="hinge"):
    """Errors of the sum at every so many rounds of the attack on the digits, with a rebuild on the way."""
    problem, target_fit = canonical("digits-1-7", loss)
    trainer, oracle = make_trainer(problem, engine), Oracle(problem.loss, problem.domain, target_fit.theta)
    added = AddedLoss(problem, trainer)
    X, y, errors = np.empty((0, problem.d)), np.empty(0), []
    fit = trainer.fit()
    for k in range(rounds):
        found = oracle.maximise(fit.theta)
        trainer.add(found.x, found.y)
        X, y = np.vstack([X, found.x]), np.append(y, found.y)
        if k == rounds // 2:
            trainer.rebuild()
            if not bug:
                added.rebuild()
        fit = trainer.fit()
        if bug and added._known.size:
            # Planted bug: earlier points that have become capped are taken for known.
            alpha = trainer.added_multipliers[: added._known.size]
            added._known[: alpha.size] = np.where(
                alpha == trainer.points.counts[trainer.points.n_clean :][: alpha.size], alpha, 0.0
            )
        if k % every == 0:
            honest = problem.loss.value(y * problem.decision(fit.theta, X)).sum()
            errors.append(abs(added.value(fit.theta) - honest))
    return max(errors)


# Sums of up to 120 losses of order 1: rounding is far below 1e-9.
@pytest.mark.parametrize("every", [1, 7])
def test_hinge_from_the_multipliers(every):
    assert run(120, every) < 1e-9


def test_other_engines_take_a_pass():
    assert run(4, engine="liblinear") < 1e-12
    assert run(20, loss="logistic") < 1e-12


def test_planted_stale_multipliers_are_seen():
    assert run(120, bug=True) > 1e-3
