"""Overlays over their base: what loosens is refused."""
