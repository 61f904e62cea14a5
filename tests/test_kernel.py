"""The decorator of compiled functions: announced once, and usable where no cache can be written."""

import os
import subprocess
import sys

from mtp_theory import kernel

MODULE = """
from mtp_theory import kernel

@kernel.kernel(inner=True)
def twice(x):
    return 2.0 * x

@kernel.kernel()
def four_times(x):
    return twice(twice(x))
"""


def run(folder, code, **env):
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]), **env},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_first_compilation_is_announced_and_the_second_process_has_none(tmp_path):
    (tmp_path / "module.py").write_text(MODULE)
    code = """
from mtp_theory import kernel
kernel.announce = lambda: print("compiling")
from module import four_times
print(four_times(1.0), four_times(2))
"""
    assert run(tmp_path, code) == ["compiling", "4.0", "8.0"]
    assert run(tmp_path, code) == ["4.0", "8.0"]


def test_without_any_folder_for_the_cache_it_compiles_all_the_same(tmp_path):
    """As in site-packages that cannot be written, of a user without a home."""
    (tmp_path / "module.py").write_text(MODULE)
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    nowhere = "/proc/nowhere"
    code = "from module import four_times; print(four_times(1.0), four_times.stats.cache_path)"
    assert run(tmp_path, code, HOME=nowhere, XDG_CACHE_HOME=nowhere, NUMBA_CACHE_DIR=nowhere) == ["4.0", "None"]


def test_site_packages_that_cannot_be_written_leave_the_users_cache(tmp_path):
    (tmp_path / "module.py").write_text(MODULE)
    (tmp_path / "__pycache__").write_text("a file where the folder would be")
    code = "from module import four_times; print(four_times(1.0), four_times.stats.cache_path)"
    home = str(tmp_path / "home")
    _, folder = run(tmp_path, code, XDG_CACHE_HOME=home, HOME=home, NUMBA_CACHE_DIR="")
    assert folder.startswith(home)


def test_inner_kernels_stay_python_functions():
    """One without an entry from Python must not be called as if it had one."""

    @kernel.kernel(inner=True)
    def thrice(x):
        return 3 * x

    assert thrice(2) == 6
