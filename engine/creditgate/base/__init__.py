"""Spans, diagnostics and their rendering: what every other package stands on."""
