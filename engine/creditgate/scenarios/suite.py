"""All scenarios that concern some rulebooks: those beside them and beside their bases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from creditgate.check.load import Catalogue
from creditgate.decide.engine import Engine
from creditgate.pipeline import Gate
from creditgate.scenarios.case import Case, cases_of, scenario_files
from creditgate.scenarios.run import Result, run_case


def cases_for(shelf: Catalogue, ids: Sequence[str]) -> list[Case]:
    """Return the cases meant for the rulebooks named, bases standing for what builds on them."""
    wanted = set(ids)
    found: list[Case] = []
    for name in shelf.shelf.ids():
        folder = shelf.shelf.folder(name)
        if folder is None:
            continue
        for path in scenario_files(folder):
            if name not in wanted and not _may_name(path, wanted):
                continue
            cases = cases_of(path, shelf.shelf, shelf.vocabulary(), shelf.collector)
            found += [case for case in cases if name in wanted or case.rulebook in wanted]
    return found


def _may_name(path: Path, rulebooks: Collection[str]) -> bool:
    """Tell whether a file may name one of some rulebooks; to read all of it takes much longer."""
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        return True  # whoever reads it says what is wrong
    return "\\" in text or any(rulebook in text for rulebook in rulebooks)


def run_suites(shelf: Catalogue, ids: Sequence[str], only: str | None = None) -> list[Result]:
    """Run the scenarios of some rulebooks; `only` keeps cases whose name or rule contains it."""
    cases = cases_for(shelf, ids)
    if only is not None:
        cases = [case for case in cases if only in case.name or only in case.subject]
    gates: dict[tuple[str, int | None], Gate] = {}
    results: list[Result] = []
    for case in cases:
        key = (case.rulebook, case.known_on)
        if key not in gates:
            gate = _gate(shelf, *key)
            if gate is None:
                return results
            gates[key] = gate
        results.append(run_case(case, gates[key]))
    return results


def _gate(shelf: Catalogue, rulebook: str, known_on: int | None) -> Gate | None:
    if known_on is None:
        checked, day = shelf.checked(rulebook), None
    else:
        checked, day = shelf.known(rulebook, known_on), date.fromordinal(known_on)
    return None if checked is None else Gate([Engine(checked.rulebook)], shelf.vocabulary(), day)
