"""Derivations of displayed equations, step by step, each step checked by sympy.

A module per derivation with ``CLAIM`` (the claim's id), ``TITLE``, ``steps()`` and ``check()``. They are for reading;
the proofs are in Coq.
"""

from __future__ import annotations

from . import (
    appendix_c_chain,
    conjugate_bound,
    corollary_1_sign,
    harmonic_sum,
    hinge_multiplier,
    lemma_2_constant,
    logistic_edge,
    radius_form,
    regret_square,
    remark_2_scaling,
    remark_3_norms,
    squared_hinge_edge,
    theorem_1_main_text,
    theorem_1_potential,
    theorem_2_division_free,
)
from .steps import AtMost, DerivationError, Equal, Step, verify

#: In the order of the paper, then the shadow.
DERIVATIONS = (
    lemma_2_constant,
    theorem_1_potential,
    theorem_1_main_text,
    regret_square,
    harmonic_sum,
    theorem_2_division_free,
    radius_form,
    corollary_1_sign,
    remark_2_scaling,
    remark_3_norms,
    appendix_c_chain,
    hinge_multiplier,
    logistic_edge,
    squared_hinge_edge,
    conjugate_bound,
)

__all__ = ["DERIVATIONS", "AtMost", "DerivationError", "Equal", "Step", "verify"]
