"""(to come)"""
from creditgate.base.collector import Collector
from creditgate.ir.rulebook import Rulebook


def check_stricter(rulebook: Rulebook, collector: Collector) -> None:
    """Placeholder."""
