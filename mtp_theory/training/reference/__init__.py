"""Independent solvers: liblinear and cvxpy."""
