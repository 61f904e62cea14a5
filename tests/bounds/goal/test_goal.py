"""Goals that are no model: the set returned reaches the goal after training, and says that it is a heuristic."""

import numpy as np
import pytest

from mtp_theory.bounds.goal.search import fewest_for_goal
from mtp_theory.bounds.target import bound
from mtp_theory.errors import InputError
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


def test_half_spaces_around_the_property_lower_what_is_needed():
    problem, _ = canonical("digits-1-7")
    clean = make_trainer(problem).fit().theta
    rows = np.argsort(problem.margins(clean))[:6]
    Z = problem.y[rows, None] * np.column_stack([np.asarray(problem.X)[rows] / problem.scale, np.ones(6)])

    def reached(model):
        return bool((Z @ model < 0).all())

    assert not reached(clean)
    target = clean - Z.T @ np.linalg.solve(Z @ Z.T, Z @ clean + 0.2)
    assert reached(target)
    line = fewest_for_goal(problem, reached, [target], epsilons=())
    inside = fewest_for_goal(problem, reached, [target], epsilons=(), steps=10, keep=lambda m: (Z, np.full(6, -1e-3)))
    assert not line.descended
    assert line.target == inside.target == 0
    assert inside.descended
    assert len(inside.y) < len(line.y)
    assert reached(inside.model)
    assert inside.mass <= len(inside.y) + 1e-6
    # none is left when no set may be built
    assert fewest_for_goal(problem, reached, [target], epsilons=(), most=0) is None
