r"""Integer features and one-hot groups in general: best-first branch and bound on relaxed chains.

Serves every loss, one label alone, and groups. A node restricts the box and the members that each group may
choose; its relaxed maximum is a full scan. A fractional place lies on one edge: of a continuous feature (nothing to
do), of an integer feature (split its range) or of a group between two members (split the members by the first form, so
that each half loses one of the two).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from ..domains import Boxed
from ..losses import Array
from .chain import Chain, Index, group_choices, grouped_chain
from .edges import Objective, Place

#: Nodes for one label; about a second.
NODE_LIMIT = 5_000
#: Nodes whose bound exceeds the best point by less than this, relative to the bound, are closed: rounding is smaller.
TOLERANCE = 1e-13


@dataclass(frozen=True, eq=False)
class _Node:
    lower: Array
    upper: Array
    choices: list[Index]
    chain: Chain
    place: Place


def over_mixed(
    objective: Objective,
    domain: Boxed,
    a: Array,
    a0: float,
    b: Array,
    b0: float,
    *,
    node_limit: int = NODE_LIMIT,
) -> tuple[Array, float, float, float, bool]:
    """Maximum of the objective over the domain, one label: (x, value, lower, upper, complete)."""
    best_x, best, best_lower, closed = None, -np.inf, -np.inf, -np.inf
    heap: list[tuple[float, int, _Node]] = []
    nodes = 0

    def open_node(lower: Array, upper: Array, choices: list[Index]) -> None:
        nonlocal best_x, best, best_lower, closed, nodes
        chain = grouped_chain(lower, upper, choices, a, a0, b, b0)
        place = objective.place(chain.u, chain.v, chain.error_u, chain.error_v)
        node = _Node(lower, upper, choices, chain, place)
        nodes += 1
        if place.t == 0 or _split(domain, a, node) is None:
            closed = max(closed, place.upper)
            if place.value > best:
                best_x, best, best_lower = chain.point(place.k, place.t), place.value, place.lower
            return
        for k in (place.k, place.k + 1):
            end = objective.place(chain.u[k : k + 1], chain.v[k : k + 1], chain.error_u, chain.error_v)
            if end.value > best:
                best_x, best, best_lower = chain.vertex(k), end.value, end.lower
        heapq.heappush(heap, (-place.upper, nodes, node))

    open_node(domain.lower.copy(), domain.upper.copy(), group_choices(domain))
    while heap and nodes < node_limit:
        node = heap[0][2]
        if -heap[0][0] <= best + 2.0 * node.place.slack + TOLERANCE * max(1.0, abs(best)):
            break
        heapq.heappop(heap)
        for part in _split(domain, a, node) or ():
            open_node(*part)
    complete = not heap or nodes < node_limit
    upper = max(closed, -heap[0][0] if heap else -np.inf)
    assert best_x is not None
    return best_x, best, best_lower, upper, complete


def _split(domain: Boxed, a: Array, node: _Node) -> list[tuple[Array, Array, list[Index]]] | None:
    """The two halves of a node whose place is fractional; ``None`` where the place is in the domain."""
    leaving, entering = node.chain.moves[2 * node.place.k : 2 * node.place.k + 2].tolist()
    member = leaving if leaving < domain.dim else entering
    if domain.groups[member] >= 0:
        return _split_group(domain, a, node, leaving, entering)
    if not domain.integer[leaving]:
        return None
    at = node.chain.point(node.place.k, node.place.t)[leaving]
    if at == np.floor(at):
        return None
    below, above = node.upper.copy(), node.lower.copy()
    below[leaving], above[leaving] = np.floor(at), np.floor(at) + 1.0
    return [(node.lower, below, node.choices), (above, node.upper, node.choices)]


def _split_group(
    domain: Boxed, a: Array, node: _Node, leaving: int, entering: int
) -> list[tuple[Array, Array, list[Index]]]:
    """Members with first form nearer to the leaving one, and the others."""
    weight = np.append(a, 0.0)
    middle = 0.5 * (weight[leaving] + weight[entering])
    member = leaving if leaving < domain.dim else entering
    g = next(i for i, choice in enumerate(node.choices) if member in choice)
    choice = node.choices[g]
    # The two members' weights differ, but their mean may round to the entering one's.
    first = (weight[choice] <= middle) & (choice != entering)
    halves = []
    for kept in (first, ~first):
        upper = node.upper.copy()
        dropped = choice[~kept]
        upper[dropped[dropped < domain.dim]] = 0.0
        halves.append((node.lower, upper, [*node.choices[:g], choice[kept], *node.choices[g + 1 :]]))
    return halves


__all__ = ["NODE_LIMIT", "over_mixed"]
