"""Goals that are no model: the set returned reaches the goal after training, and says that it is a heuristic."""

import numpy as np
import pytest

from mtp_theory.errors import InputError
from mtp_theory.frontier import fewest_for_goal
from mtp_theory.minimum import bound
from mtp_theory.targets import canonical
from mtp_theory.training import make_trainer


def test_an_error_rate_takes_no_more_points_than_its_target():
    problem, fit = canonical("digits-1-7")
    goal = 0.5 * problem.error_rate(fit.theta)
    result = fewest_for_goal(problem, lambda m: problem.error_rate(m) >= goal, [fit.theta], epsilons=(0.2,), steps=8)
    assert result.kind == "heuristic"
    trainer = make_trainer(problem)
    trainer.add_many(result.X, result.y)
    assert problem.error_rate(trainer.fit().theta) >= goal
    assert 0 < len(result.y) <= bound(problem, fit.theta).constructed


def test_nothing_is_needed_for_what_the_clean_model_has():
    problem, fit = canonical("digits-1-7")
    assert len(fewest_for_goal(problem, lambda m: True, [fit.theta]).y) == 0


def test_targets_without_the_property_are_refused():
    problem, fit = canonical("digits-1-7")
    with pytest.raises(InputError, match="none of the targets"):
        fewest_for_goal(problem, lambda m: bool(np.isnan(m).any()), [fit.theta])
