"""Scenarios made from rules: each condition decides alone, at its limits, and with facts missing."""
