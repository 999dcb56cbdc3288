"""Write what the golden orders come to: look at the difference before you keep it.

python -m tests.golden.write
"""

from __future__ import annotations

from tests.golden.decide import DECISIONS, decided, without_digests


def main() -> None:
    """Write the decisions."""
    DECISIONS.write_bytes(b"".join(without_digests(core) + b"\n" for core in decided()))


if __name__ == "__main__":
    main()
