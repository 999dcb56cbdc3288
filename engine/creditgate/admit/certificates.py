"""Certificates: that an overlay was proved to only tighten, bound to both meanings.

A certificate lies beside the overlay. It holds for exactly the two digests it names: a change of
the base, the overlay, the vocabulary or a calendar makes it as none. Checking it takes no solver.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from creditgate.ir.digest import meaning_digest
from creditgate.ir.rulebook import Rulebook
from creditgate.load.rulebook_files import CERTIFICATE

FORM: Final = 1
LARGEST: Final = 100_000


def certificate(below: Rulebook, above: Rulebook, proved: tuple[str, ...]) -> dict[str, Any]:
    """Return the certificate of an overlay; `proved` are the rules that the solver settled."""
    return {
        "form": FORM,
        "proved": "only_tightens",
        "base": {"rulebook": below.id, "digest": meaning_digest(below)},
        "overlay": {"rulebook": above.id, "digest": meaning_digest(above)},
        "rules": sorted(proved),
    }


def write_certificate(folder: Path, made: dict[str, Any]) -> Path:
    """Write a certificate into the folder of its overlay and return where it lies."""
    path = folder / CERTIFICATE
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return path


def certifies(raw: bytes | None, below: Rulebook, above: Rulebook) -> bool:
    """Tell whether the bytes of a certificate, None where there is none, are of two meanings."""
    try:
        found = json.loads(raw.decode("utf-8")) if raw and len(raw) <= LARGEST else None
    except (ValueError, RecursionError):
        return False
    if not isinstance(found, dict):
        return False
    wanted = certificate(below, above, ())
    return all(found.get(key) == wanted[key] for key in ("form", "proved", "base", "overlay"))
