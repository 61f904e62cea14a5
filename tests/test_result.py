"""The one two-sided answer."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from math import inf, nan

import pytest

from mtp_theory.errors import InputError, UndecidedError
from mtp_theory.result import Enclosure


@dataclass(frozen=True, eq=False)
class Named(Enclosure):
    name: str
    flag: bool
    x: object


def test_width_and_settled():
    assert Enclosure(1.0, 3.0).width == 2.0
    assert not Enclosure(1.0, 3.0).settled
    assert Enclosure(inf, inf, status="unattainable").settled
    assert Enclosure(inf, inf).width == 0.0


@pytest.mark.parametrize(("lower", "upper"), [(1.0, 0.5), (nan, 1.0), (0.0, nan)])
def test_ends_that_cross_are_no_answer(lower, upper):
    with pytest.raises(UndecidedError, match="cross"):
        Enclosure(lower, upper)


def test_the_summary_holds_single_values_only():
    answer = Named(1, 2.5, "<b>", True, [1, 2], status="bounds")
    assert answer.summary() == {
        "lower": 1, "upper": 2.5, "how": "float", "status": "bounds", "name": "<b>", "flag": True,
    }  # fmt: skip
    html = answer._repr_html_()
    assert "<th>upper</th><td>2.5</td>" in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_a_data_frame_of_one_row():
    pytest.importorskip("pandas")
    frame = Named(1, 2.5, "name", True, None).to_pandas()
    assert frame.shape[0] == 1
    assert frame.loc[0, "upper"] == 2.5


@pytest.mark.parametrize("ends", [(1.0, 3.0), (2.0, 2.0), (5.0, inf), (-inf, 0.0), (inf, inf), (-inf, inf)])
def test_plots(ends):
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    ax = Enclosure(*ends).plot()
    low, high = ax.get_xlim()
    assert all(low < v < high for v in ends if abs(v) < inf)
    assert len(ax.texts) == (ends[0] == -inf) + (ends[1] == inf)
    plt.close(ax.figure)


@pytest.mark.parametrize(("package", "verb"), [("pandas", "to_pandas"), ("matplotlib", "plot")])
def test_what_is_not_installed_is_named(monkeypatch, package, verb):
    for name in [m for m in sys.modules if m == package or m.startswith(f"{package}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Absent(package), *sys.meta_path])
    with pytest.raises(InputError, match=f"pip install {package}"):
        getattr(Enclosure(0.0, 1.0), verb)()


class Absent:
    """An import hook for which one package is not there."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == self.package:
            raise ModuleNotFoundError(name)
