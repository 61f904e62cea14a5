"""Hypothesis profiles and the data folder that some tests use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Solver calls vary in time, so no deadline; derandomised in CI so that a red run can be repeated.
common = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("dev", max_examples=40, **common)
settings.register_profile("ci", max_examples=100, derandomize=True, print_blob=True, **common)
settings.register_profile("thorough", max_examples=5000, **common)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder with adult/ and mnist/ raw files, from MTP_DATA_DIR; skips where absent."""
    folder = os.environ.get("MTP_DATA_DIR", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("raw Adult and MNIST files absent: set MTP_DATA_DIR to the folder that holds adult/ and mnist/")
    return Path(folder)
