"""Subpopulations: the rows of one k-means cluster with one label."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..datasets import Dataset, adult_clusters
from ..datasets.rows import dense
from ..errors import InputError
from ..losses import Array

#: Number of clusters in the paper.
CLUSTERS = 20
#: Label of the paper's subpopulations (Adult: an income of at most 50K).
SUBPOPULATION_LABEL = -1
#: SHA-256 of the default Adult training features: the rows whose clusters are committed.
_ADULT_FEATURES = "a1a5f3c983466584"


@dataclass(frozen=True, eq=False)
class Subpopulation:
    """One cluster and label: masks of its ``train`` rows (n,) and ``test`` rows (training rows without a split)."""

    cluster: int
    label: int
    train: NDArray[np.bool_]
    test: NDArray[np.bool_]


def clusters(dataset: Dataset) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cluster number of each training row and each test row (again the training rows without a split).

    The paper's 20 clusters for the default Adult rows, from the committed centroids. Else k-means of scikit-learn
    with 20 clusters (fewer where there are fewer distinct rows), ``random_state=0`` and 10 starts, fitted to the
    training rows; test rows go to the nearest centre.
    """
    X = dense(dataset.X) / dataset.scale
    X_test = X if dataset.X_test is None else dense(dataset.X_test) / dataset.scale
    if hashlib.sha256(np.ascontiguousarray(X, dtype="<f8").tobytes()).hexdigest().startswith(_ADULT_FEATURES):
        return adult_clusters(X), adult_clusters(X_test)
    from sklearn.cluster import KMeans

    count = min(CLUSTERS, np.unique(X, axis=0).shape[0])
    model = KMeans(n_clusters=count, random_state=0, n_init=10).fit(X)
    return model.labels_.astype(np.int64), model.predict(np.ascontiguousarray(X_test, dtype=X.dtype)).astype(np.int64)


def subpopulation(dataset: Dataset, cluster: int, *, label: int = SUBPOPULATION_LABEL) -> Subpopulation:
    """The rows of ``cluster`` with ``label``. Raises InputError for no such cluster and an empty subpopulation."""
    return _select(dataset, clusters(dataset), cluster, label)


def ranked_subpopulations(
    dataset: Dataset, decision: Array, *, label: int = SUBPOPULATION_LABEL
) -> list[Subpopulation]:
    """Non-empty subpopulations by clean accuracy on their training rows, ascending; on a tie the smaller cluster.

    ``decision`` (n,): the clean model on the training rows. The paper attacks the last three, ordered by an
    unstable sort; :data:`mtp_theory.datasets.PAPER_CLUSTERS` holds its choice.
    """
    labels = clusters(dataset)
    found = [_select(dataset, labels, int(c), label, empty=True) for c in np.unique(labels[0])]
    found = [part for part in found if part.train.any() and part.test.any()]
    if not found:
        raise InputError(
            f"subpopulation: no cluster has training and test rows with label {label:+d}; give another label"
        )
    accuracy = [float((label * decision[part.train] > 0).mean()) for part in found]
    return [found[i] for i in np.argsort(accuracy, kind="stable")]


def _select(
    dataset: Dataset, labels: tuple[NDArray[np.int64], NDArray[np.int64]], cluster: int, label: int, empty: bool = False
) -> Subpopulation:
    if label not in (-1, 1):
        raise InputError(f"subpopulation: label {label!r}; give -1 or +1")
    known = np.unique(labels[0])
    if cluster not in known:
        raise InputError(f"subpopulation: cluster {cluster!r}; the clusters are {known[0]} to {known[-1]}")
    y_test = dataset.y if dataset.y_test is None else dataset.y_test
    train, test = (labels[0] == cluster) & (dataset.y == label), (labels[1] == cluster) & (y_test == label)
    if not empty and not (train.any() and test.any()):
        raise InputError(f"subpopulation: cluster {cluster} has no rows with label {label:+d}; give another cluster")
    return Subpopulation(int(cluster), int(label), train, test)


__all__ = ["CLUSTERS", "SUBPOPULATION_LABEL", "Subpopulation", "clusters", "ranked_subpopulations", "subpopulation"]
