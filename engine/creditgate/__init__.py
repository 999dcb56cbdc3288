"""Decide credit trades under dated, cited rulebooks.

The public door is `creditgate.Gate`; everything else is reached through it or through the
`creditgate` command.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from creditgate.decide.decision import Decision
    from creditgate.pipeline import Gate

__all__ = ["Decision", "Gate", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load `Gate` and `Decision` on first use, so that importing the package costs nothing."""
    if name == "Gate":
        from creditgate.pipeline import Gate

        return Gate
    if name == "Decision":
        from creditgate.decide.decision import Decision

        return Decision
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
