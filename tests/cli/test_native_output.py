"""Native code that prints to stdout does not get between a command and its JSON."""

import json
import subprocess
import sys

CODE = """
import ctypes, sys
from mtp_theory.cli import app
libc = ctypes.CDLL(None)
import mtp_theory.cli.output as output
shown = output.click.echo
def noisy(*a, **k):
    libc.puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution")
    libc.fflush(None)
    shown(*a, **k)
output.click.echo = noisy
sys.argv = ["mtp-theory", "data", "digits-1-7", "--out", sys.argv[1], "--json"]
app.main()
"""


def test_stdout_is_one_json_object(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path / "d.npz")], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 361
    assert "HighsMipSolverData" in done.stderr
