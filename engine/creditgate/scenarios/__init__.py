"""Scenarios: cases that a rulebook must decide as the law says."""
