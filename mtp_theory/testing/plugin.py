"""Pytest plugin: options and fixtures for checks of claims. Nothing heavy is imported before a fixture is used.

The fixtures ``check_loss``, ``check_domain`` and ``check_instance`` raise where a statement that should hold fails or
is undecided; ``--claims-seed`` and ``--claims-examples`` set what they pass on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the group "claims"."""
    group = parser.getgroup("claims", "checks of the theory of model-targeted poisoning")
    group.addoption("--claims-seed", type=int, default=0, help="seed of the random instances (default 0)")
    group.addoption(
        "--claims-examples", type=int, default=8, help="random instances for each loss or domain (default 8)"
    )


@pytest.fixture
def check_loss(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """``check_loss(loss)`` with the seed and the number of instances of the command line."""
    from .loss_checks import check_loss as check

    return _raising(check, seed=_option(request, "seed"), instances_per_claim=_option(request, "examples"))


@pytest.fixture
def check_domain(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """``check_domain(domain)`` with the seed and the number of instances of the command line."""
    from .domain_checks import check_domain as check

    return _raising(check, seed=_option(request, "seed"), instances_per_claim=_option(request, "examples"))


@pytest.fixture
def check_instance(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """``check_instance(problem, target)`` with the seed of the command line."""
    from .instance import check_instance as check

    return _raising(check, seed=_option(request, "seed"))


def _raising(check: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """The check with these options; a test that does not look at the report fails with it all the same."""

    def checked(*arguments: Any, **more: Any) -> Any:
        return check(*arguments, **{**options, **more}).raise_for_violations()

    return checked


def _option(request: pytest.FixtureRequest, name: str) -> int:
    value: int = request.config.getoption(f"--claims-{name}")
    return value
