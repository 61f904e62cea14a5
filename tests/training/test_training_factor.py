"""The Cholesky factor under insertion and deletion against a factorisation from scratch."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mtp_theory.training.hinge import factor


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_insert_and_delete(seed, moves):
    """Each move inserts a row or deletes one; L L^T stays the Gram matrix of the rows that remain."""
    rng = np.random.default_rng(seed)
    L, rows = np.zeros((40, 40)), []
    for move in moves:
        if rows and move % 3 == 0:
            p = move % len(rows)
            factor.delete(L, len(rows), p)
            del rows[p]
        else:
            z = rng.standard_normal(45)
            column = np.array([z @ other for other in rows] + [0.0])
            factor.solve_lower(L, len(rows), column)
            factor.append(L, len(rows), column, np.sqrt(z @ z - column[: len(rows)] @ column[: len(rows)]))
            rows.append(z)
        k = len(rows)
        if k == 0:
            continue
        gram = np.array(rows) @ np.array(rows).T
        assert np.allclose(np.tril(L[:k, :k]), np.linalg.cholesky(gram), atol=1e-8)
        b = rng.standard_normal(k)
        x = b.copy()
        factor.solve_lower(L, k, x)
        factor.solve_upper(L, k, x)
        assert np.allclose(gram @ x, b, atol=1e-6)
