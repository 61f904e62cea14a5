"""Machine code that comes with a wheel: used where it fits, and nowhere else."""

import os
import subprocess
import sys

import pytest

from mtp_theory import prebuilt

MODULE = """
from mtp_theory import kernel

@kernel.kernel(inner=True)
def twice(x):
    return FACTOR * x

@kernel.kernel()
def four_times(x):
    return twice(twice(x))
"""

USE = """
import pathlib
from mtp_theory import kernel, prebuilt
prebuilt.FOLDER = pathlib.Path("wheel")
kernel.announce = lambda: print("compiling")
CHANGE
from module import four_times
print(four_times(1.0))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("prebuilt")
    (tmp_path / "wheel").mkdir()
    (tmp_path / "module.py").write_text(MODULE.replace("FACTOR", "2.0"))

    def process(change="", **env):
        # Caches and modules of one run are not those of the next.
        cache = tmp_path / f"cache-{len(list(tmp_path.iterdir()))}"
        cache.mkdir()
        path = os.pathsep.join([str(tmp_path), *sys.path])
        done = subprocess.run(
            [sys.executable, "-c", USE.replace("CHANGE", change)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(cache), **env},
        )
        assert done.returncode == 0, done.stderr
        return [*done.stdout.split(), len(list(cache.rglob("*.nbc")))]

    made = process(**{prebuilt.WRITE_TO: "wheel", "NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": ""})
    assert made == ["compiling", "4.0", 0]
    assert len(list((tmp_path / "wheel").glob("*.nbc"))) == 1
    return process


pytestmark = pytest.mark.skipif(os.uname().machine != "x86_64", reason="the test's code is made for x86-64")
ANY = "prebuilt.FEATURES = ();"


def test_code_of_the_wheel_is_used_by_any_processor_that_has_its_instructions(run):
    assert run(ANY) == ["4.0", 0]


def test_a_processor_without_the_instructions_compiles(run):
    assert run("prebuilt.FEATURES = ('no-such-instruction',);") == ["compiling", "4.0", 1]


def test_other_sources_compile(run):
    """Inlined kernels are in other modules than the one that numba stamps its cache with."""
    assert run(ANY + "prebuilt.sources = lambda: 'another hash';") == ["compiling", "4.0", 1]


def test_another_numba_compiles(run):
    assert run(ANY + "import numba; numba.__version__ = '0.0';") == ["compiling", "4.0", 1]


def test_another_type_of_argument_compiles_and_is_cached(run):
    assert run(ANY + "import module; module.four_times(1);") == ["compiling", "4.0", 1]


def test_without_any_other_cache_the_wheels_code_serves(run):
    nowhere = {"HOME": "/proc/nowhere", "XDG_CACHE_HOME": "/proc/nowhere"}
    hide = "import numba.core.caching as c; c.CacheImpl._locator_classes = [];"
    assert run(ANY + hide, **nowhere) == ["4.0", 0]
    assert run(hide + "prebuilt.FEATURES = ('no-such-instruction',);", **nowhere) == ["compiling", "4.0", 0]


def test_the_hash_sees_every_module(tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("1")
    monkeypatch.setattr(prebuilt, "FOLDER", tmp_path / "prebuilt")
    one = prebuilt.sources.__wrapped__()
    (tmp_path / "inner" / "a.py").write_text("2")
    two = prebuilt.sources.__wrapped__()
    (tmp_path / "inner" / "a.py").rename(tmp_path / "inner" / "b.py")
    assert len({one, two, prebuilt.sources.__wrapped__()}) == 3


def test_a_source_tree_brings_none():
    assert not list(prebuilt.FOLDER.glob("*.nb*")), "machine code belongs into wheels alone"
