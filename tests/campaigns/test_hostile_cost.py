"""Hostile kinds are what they are called, and a reader that costs too much or fails is a finding."""

from __future__ import annotations

import io
import zipfile

import pytest
from reference.certificate_instances import make

from campaigns import hostile_cost as campaign
from mtp_theory.certificates import format as write


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return make("lower_bound", tmp_path_factory.mktemp("cost"))


@pytest.mark.parametrize("reader", campaign.READERS)
def test_an_honest_case_is_read_and_a_nested_one_refused(reader, case, tmp_path):
    path = tmp_path / "c.json"
    path.write_text(write.text(case.top))
    assert campaign.read(reader, str(path), str(case.data))["verdict"] in ("valid", "read")
    if reader == "data reader":
        path = tmp_path / "d.npz"
        path.write_bytes(campaign.ARCHIVES["a number with 9,000 minus signs"]())
        answer = campaign.read(reader, "", str(path))
    else:
        path.write_bytes(campaign.certificates(case.top)["nested 984 deep"])
        answer = campaign.read(reader, str(path), str(case.data))
    assert answer["verdict"] == "refused"
    assert answer["seconds"] < campaign.SECONDS


def test_a_large_shape_is_a_small_file():
    raw = campaign.ARCHIVES["a shape without values"]()
    assert len(raw) < 1000
    assert zipfile.ZipFile(io.BytesIO(raw)).namelist() == ["X.npy"]


@pytest.mark.parametrize(
    "planted",
    [{"verdict": "fault: RecursionError"}, {"verdict": "a long message"}, {"megabytes": 600.0}, {"seconds": 11.0}],
)
def test_what_costs_too_much_is_a_finding(planted):
    calm = {"verdict": "refused", "megabytes": 10.0, "seconds": 0.1}
    assert not campaign.over(calm, 0.1)
    assert campaign.over(calm | planted, 0.1)
    assert not campaign.over(calm | {"seconds": 11.0}, 6.0)
