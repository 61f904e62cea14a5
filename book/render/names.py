"""One name for each target and data set, wherever it is shown; files name Adult's clusters by k-means' numbers."""

from __future__ import annotations

from mtp_theory.datasets import PAPER_CLUSTERS
from mtp_theory.experiments.cases import CASES, case_name


def target_name(name: str) -> str:
    """``mnist-0.05`` -> "MNIST 1-7, 5 %", ``adult-17-induced`` -> "Adult, cluster 0", ``digits`` -> "digits 1-7".

    A logistic target says so; the ending ``induced`` is left to the heading. Raises KeyError for another name.
    """
    base = name.removesuffix("-induced")
    data, _, case = base.partition("-")
    logistic = case.startswith("logistic") or case.endswith("logistic")
    case = case.removeprefix("logistic").removesuffix("logistic").strip("-")
    loss = ", logistic" if logistic else ""
    if data == "digits" and case in ("", "1-7"):
        return f"digits 1-7{loss}"
    if data == "mnist" and case in CASES["mnist-svm"]:
        return f"MNIST 1-7{loss}, {case_name('mnist-svm', case)}"
    clusters = PAPER_CLUSTERS["logistic" if logistic else "hinge"]
    if data == "adult" and case in map(str, clusters):
        return f"Adult{loss}, cluster {clusters.index(int(case))}"
    raise KeyError(name)


__all__ = ["target_name"]
