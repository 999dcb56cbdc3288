"""Lints: what loads but may not be meant, found without a solver.

`lints` runs them all; each other module holds one kind. What needs a proof is asked of `prove`.
"""
