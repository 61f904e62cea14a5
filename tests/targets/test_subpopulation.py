"""Clusters, subpopulations and their ranking."""

from __future__ import annotations

import numpy as np
import pytest

from mtp_theory.datasets import Dataset, load
from mtp_theory.errors import InputError
from mtp_theory.targets import clusters, ranked_subpopulations, subpopulation

DIGITS = load("digits-1-7")


def test_clusters_assign_each_row_to_its_nearest_centre() -> None:
    train, test = clusters(DIGITS)
    np.testing.assert_array_equal(train, test)  # without a split the training rows stand in
    assert set(train) == set(range(20))
    centres = np.array([DIGITS.X[train == c].mean(axis=0) for c in range(20)])
    distance = ((DIGITS.X[:, None, :] - centres) ** 2).sum(axis=2)
    np.testing.assert_array_equal(distance.argmin(axis=1), train)


def test_few_distinct_rows_give_few_clusters() -> None:
    X = np.repeat(np.array([[0.0, 0], [1, 0], [0, 1]]), 4, axis=0)
    train, _ = clusters(Dataset(X, [1, -1] * 6, name="few"))
    assert len(set(train)) == 3


def test_subpopulation_is_cluster_and_label() -> None:
    train, _ = clusters(DIGITS)
    cluster = int(train[np.flatnonzero(DIGITS.y > 0)[0]])
    part = subpopulation(DIGITS, cluster, label=1)
    np.testing.assert_array_equal(part.train, (train == cluster) & (DIGITS.y == 1))
    np.testing.assert_array_equal(part.test, part.train)
    assert (part.cluster, part.label) == (cluster, 1)


def test_ranking_ascends_in_clean_accuracy_and_breaks_ties_by_number() -> None:
    decision = np.where(np.arange(DIGITS.n) % 3 == 0, 1.0, -1.0)
    ranked = ranked_subpopulations(DIGITS, decision)
    keys = [((decision[part.train] < 0).mean(), part.cluster) for part in ranked]
    assert keys == sorted(keys)
    everywhere_right = ranked_subpopulations(DIGITS, -np.ones(DIGITS.n))
    assert [p.cluster for p in everywhere_right] == sorted(p.cluster for p in ranked)
    assert all(part.train.any() for part in ranked)


def test_empty_and_unknown_subpopulations() -> None:
    ones = Dataset(DIGITS.X, np.ones(DIGITS.n), name="ones")
    with pytest.raises(InputError, match="no cluster has training and test rows with label -1"):
        ranked_subpopulations(ones, np.ones(DIGITS.n))
    with pytest.raises(InputError, match="cluster 0 has no rows with label -1"):
        subpopulation(ones, 0)
    with pytest.raises(InputError, match="cluster 20; the clusters are 0 to 19"):
        subpopulation(DIGITS, 20)
