"""(to come)"""
from creditgate.base.collector import Collector
from creditgate.check.rulebook import Checked


def admit(base: Checked, overlay: Checked, collector: Collector) -> None:
    """Placeholder."""
