"""Hypothesis's search for a failing example, which leaves no folder behind in the user's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from random import Random
from typing import TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, configuration, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


def smallest(
    strategy: SearchStrategy[T], fails: Callable[[T], bool], examples: int, *, random: Random | None = None
) -> T | None:
    """A minimal example that ``fails``, of at most ``examples`` tried; None where there is none."""
    search = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    # Without a database too it keeps what it reads from modules, in .hypothesis of the present folder.
    before = vars(configuration).get("__hypothesis_home_directory")
    with tempfile.TemporaryDirectory() as folder:
        configuration.set_hypothesis_home_dir(folder)
        try:
            return hypothesis.find(strategy, fails, settings=search, random=random)
        except NoSuchExample:
            return None
        finally:
            configuration.set_hypothesis_home_dir(before)


__all__ = ["smallest"]
