"""Write the golden decisions and pages anew: look at the difference before you keep it.

python -m tests.golden.write
"""

from __future__ import annotations

from tests.golden.decide import DECISIONS, asked, decided, without_digests
from tests.golden.pages import FOLDER, PAGES, printed


def write_decisions() -> None:
    """Write what the golden orders come to."""
    DECISIONS.write_bytes(b"".join(without_digests(core) + b"\n" for core in decided(asked())))


def write_pages() -> None:
    """Write the golden pages, and nothing else into their folder."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for page in PAGES:
        page.file.write_text(printed(page), "utf-8", newline="\n")


if __name__ == "__main__":
    write_decisions()
    write_pages()
