"""The rules of an epoch as formulas of an SMT solver (z3), for proofs and counterexamples."""
