"""Questions about all orders at once, answered by the solver and re-run on the reference."""
