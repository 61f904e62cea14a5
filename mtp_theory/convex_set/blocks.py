r"""A cell as linear rows: the cone {(k, w) : w in k * cell} of a mass k and a sum w = k x.

Every domain becomes variables (k, u) with w = ``spread`` u, homogeneous rows and signs. The rows
are homogeneous, so a mass of zero forces w = 0 (the domains are bounded).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatch

import numpy as np
import scipy.sparse as sp

from ..domains import Box, Domain, GroupedBox, L1Ball, L2Ball, Polytope
from ..errors import InputError
from ..losses import Array
from .cells import Cell


@dataclass
class Block:
    """Variables (k, u) of one cell: ``spread`` (d, 1 + len(u)) maps them to w.

    ``below`` rows are <= 0, ``equal`` rows are = 0, ``free`` marks variables without a sign (the others
    are >= 0), ``ball`` is (centre, radius) where also |w - k centre| <= k radius must hold.
    """

    spread: sp.csr_array
    below: list[sp.csr_array] = field(default_factory=list)
    equal: list[sp.csr_array] = field(default_factory=list)
    free: bool = False
    ball: tuple[Array, float] | None = None

    @property
    def size(self) -> int:
        return int(self.spread.shape[1])


@singledispatch
def domain_block(domain: Domain) -> Block:
    """The cone over a convex domain; ``domain_block.register`` adds a kind of domain.

    Raises InputError for a domain without a linear or ball description.
    """
    raise InputError(
        f"domain {type(domain).__name__}: K needs a convex domain with a known description;"
        " use Box, GroupedBox, L1Ball, L2Ball or Polytope, or give the domain such a relaxation"
    )


def sliced(whole: Block, cell: Cell, w: Array, b: float) -> Block:
    """The cone over {x in domain : low <= label * (<w, x> + b) <= high}; ``whole``: the domain's, left as it is."""
    if cell.slope == 0.0:
        # only its mass matters; that the cell has a point was checked when it was made
        return Block(sp.csr_array((whole.spread.shape[0], 1)))
    block = replace(whole, below=[*whole.below], equal=[*whole.equal])
    margin = cell.label * (w @ block.spread)
    margin[0] += cell.label * b
    unit = np.zeros(block.size)
    unit[0] = 1.0
    if cell.low == cell.high:
        block.equal.append(sp.csr_array((margin - cell.low * unit)[None, :]))
    else:
        if np.isfinite(cell.high):
            block.below.append(sp.csr_array((margin - cell.high * unit)[None, :]))
        if np.isfinite(cell.low):
            block.below.append(sp.csr_array((cell.low * unit - margin)[None, :]))
    return block


@domain_block.register
def _box(box: Box) -> Block:
    """w = k lower + u with 0 <= u_j <= k (upper_j - lower_j); fixed features have no u."""
    width = box.upper - box.lower
    moving = np.flatnonzero(width > 0)
    m = moving.size
    units = sp.csr_array((np.ones(m), (moving, np.arange(m))), shape=(box.dim, m))
    spread = sp.hstack([sp.csr_array(box.lower[:, None]), units], format="csr")
    caps = sp.hstack([sp.csr_array(-width[moving][:, None]), sp.eye_array(m)], format="csr")
    return Block(spread, below=[caps])


@domain_block.register
def _grouped(domain: GroupedBox) -> Block:
    """The box block plus one row for each group: its sum is at most (or exactly) k."""
    block = _box(domain.box)
    groups = domain.group_members()
    sums = np.zeros((len(groups), domain.dim))
    for row, members in zip(sums, groups, strict=True):
        row[members] = 1.0
    rows = sp.csr_array(sums) @ block.spread
    mass = sp.csr_array((np.ones(len(groups)), (np.arange(len(groups)), np.zeros(len(groups), dtype=int))), rows.shape)
    (block.equal if domain.group_rule == "exactly_one" else block.below).append(sp.csr_array(rows - mass))
    return block


@domain_block.register
def _l1_ball(ball: L1Ball) -> Block:
    """w = k centre + p - q with p, q >= 0 and sum(p + q) <= k radius."""
    d = ball.dim
    spread = sp.hstack([sp.csr_array(ball.centre[:, None]), sp.eye_array(d), -sp.eye_array(d)], format="csr")
    row = np.append(-ball.radius, np.ones(2 * d))
    return Block(spread, below=[sp.csr_array(row[None, :])])


@domain_block.register
def _polytope(domain: Polytope) -> Block:
    """A w <= k b."""
    rows = sp.csr_array(np.column_stack([-domain.b, domain.a]))
    return Block(_sums(domain.dim), below=[rows], free=True)


@domain_block.register
def _l2_ball(domain: L2Ball) -> Block:
    """|w - k centre| <= k radius."""
    return Block(_sums(domain.dim), free=True, ball=(domain.centre, domain.radius))


def _sums(d: int) -> sp.csr_array:
    """Variables (k, w)."""
    return sp.hstack([sp.csr_array((d, 1)), sp.eye_array(d)], format="csr")


__all__ = ["Block", "domain_block", "sliced"]
