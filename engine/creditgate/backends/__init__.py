"""Evaluators made from the typed expressions; none knows another, none asks the reference."""
