"""Tables of facts: what their columns mean, and how their rows become documents."""
