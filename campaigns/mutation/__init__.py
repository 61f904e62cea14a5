"""Mutation testing of the claims, the shadow and the convex set: ``python -m campaigns.mutation``.

One place of the source is changed, the tests run, and a change that no test notices is a gap or needs an explanation.

Why a runner of our own: the claims are formulas at the level of a module, which mutmut (function bodies only) does not
reach; cosmic-ray starts pytest afresh for every mutant, which costs more here than the tests that kill it; and in both
the compiled kernels would be compiled once per mutant. Here a process that holds the third-party packages forks for
every mutant, compiles the one changed module from its syntax tree without numba's decorators, and runs the tests that
reach the changed line, cheapest first, until one fails. Nothing is written into the package.
"""
