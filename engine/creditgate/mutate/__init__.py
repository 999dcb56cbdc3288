"""Mutation of rulebooks: one change at a time, and whether a scenario tells."""
