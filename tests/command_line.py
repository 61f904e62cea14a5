"""Runs the entry point as a shell would, in this process."""

import contextlib
import io
import os
import sys
from unittest import mock

import pytest

from mtp_theory.cli import main

HINGE = ("--loss", "hinge", "--c-r", "0.09")


def mtp(*args, cwd):
    """Run the entry point in this process, in folder ``cwd``; returns code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        mock.patch.object(sys, "argv", ["mtp-theory", *map(str, args)]),
        mock.patch.dict(os.environ, {"MTP_EVIDENCE_DIR": str(cwd / "evidence")}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as stop,
    ):
        main()
    return stop.value.code, out.getvalue(), err.getvalue()
