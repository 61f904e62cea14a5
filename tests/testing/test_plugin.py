"""The pytest plugin, in a process of its own."""

import os
import subprocess
import sys

MODULE = """
from mtp_theory.losses import Hinge
from mtp_theory.testing import parametrize_with_claims

class Understated(Hinge):
    key = "understated"
    lipschitz = 0.5
    kernel = None

def test_fixture_passes_what_holds(check_loss):
    assert check_loss(Hinge(), claims=["lemma-2"]).ok

def test_fixture_fails_without_a_look_at_the_report(check_loss):
    check_loss(Understated())

@parametrize_with_claims(Understated(), claims=["lemma-2"])
def test_claims(claim_check):
    claim_check()
"""


def test_options_fixtures_and_failing_cases(tmp_path):
    (tmp_path / "test_own.py").write_text(MODULE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mtp_theory.testing.plugin", "--claims-examples", "1"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [*command, "--claims-seed=3", str(tmp_path)], capture_output=True, text=True, cwd=tmp_path, env=environment
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed, 1 passed" in done.stdout
    assert "FAILED test_own.py::test_fixture_fails" in done.stdout
    assert "test_claims[understated-lemma-2]" in done.stdout
    assert "property:Lipschitz constant" in done.stdout
