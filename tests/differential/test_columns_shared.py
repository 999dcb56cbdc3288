"""Orders decided by what was worked out once for each record say what the reference says of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from tests.differential.columns import WORDS, Columns, event_of, right_of, texts_of
from tests.differential.columns_shared import SharedRun, said_otherwise
from tests.differential.compare import expected
from tests.differential.compiled_kernels import programs
from tests.differential.facts import Situation
from tests.differential.programs import Program
from tests.differential.programs_shared import account_programs
from tests.differential.widths import SIZES

from creditgate.backends.columns import shared_body
from creditgate.backends.columns.compile import uncompiled
from creditgate.backends.columns.digests import Digests
from creditgate.backends.columns.looked_up import LOST, LookedUp
from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.packing import Pack
from creditgate.backends.columns.shared_terms import Chooser
from creditgate.backends.columns.values import first_codes
from creditgate.backends.columns.writer import Held, Writer
from creditgate.lowered.terms import Op, Term

PROGRAMS = 90
ROWS = 24

Case = tuple[Program, list[Situation], Sequence[tuple[int, ...]]]
Plant = Callable[[pytest.MonkeyPatch], None]


@cache
def _cases() -> tuple[Case, ...]:
    """Return programs, some with large numbers, and orders of which several share accounts."""
    made = [programs(11), account_programs(12), account_programs(13, large=True)]
    found: list[Case] = []
    for number in range(PROGRAMS):
        program, situations = next(made[number % 3])
        some = Random(number).choices(situations, k=ROWS)
        right = [right_of(program, expected(program, each)) for each in some]
        found.append((program, some, right))
    return tuple(found)


def _shared(number: int, case: Case) -> Iterator[tuple[int, list[str]]]:
    """Yield how many values a program has its orders share, and what is said otherwise of them."""
    program, situations, right = case
    event = event_of(program)
    vocabulary = program.epoch.rulebook.vocabulary
    codes = first_codes(vocabulary, set(event.words_used) | texts_of(situations))
    days = np.array([each.as_of for each in situations], dtype=np.int64)
    most = SIZES[number % len(SIZES)]
    for is_packed, are_any_size in ((False, True), (True, False)):
        columns = Columns.of(situations, vocabulary, codes)
        try:
            sharing = event.sharing(columns.shape(event.needs), codes, WORDS)
        except Unsupported:
            return
        if sharing is None:
            return
        run = SharedRun(sharing, columns, days, uncompiled, most, is_packed, are_any_size)
        found = run.outcomes()
        if found is not None:
            values = sum(len(each.kept) for each in sharing.bodies)
            yield values, list(said_otherwise(found, right, sharing))


def test_orders_that_share_accounts_are_decided_as_each_alone() -> None:
    compared = 0
    for number, case in enumerate(_cases()):
        for values, differences in _shared(number, case):
            assert not differences, differences[0]
            compared += values > 0
    assert compared > PROGRAMS / 2


def test_orders_share_accounts_lists_and_securities() -> None:
    frames: set[str] = set()
    shared = 0
    for program, situations, _ in _cases():
        event = event_of(program)
        codes = first_codes(
            program.epoch.rulebook.vocabulary, set(event.words_used) | texts_of(situations)
        )
        columns = Columns.of(situations, program.epoch.rulebook.vocabulary, codes)
        shared += len(columns.records.get("account", ())) < ROWS
        try:
            sharing = event.sharing(columns.shape(event.needs), codes, WORDS)
        except Unsupported:
            continue
        frames |= set() if sharing is None else {each.frame for each in sharing.bodies}
    assert {"account", "security", "issuer"} <= frames
    assert any("." in frame for frame in frames)
    assert shared == PROGRAMS


def _index_of_another(patch: pytest.MonkeyPatch) -> None:
    of_record = Writer._looked_up

    def wrong(self: Writer, use: LookedUp) -> Held:
        found, kept = self.index(use.record), Writer.index
        patch.setattr(Writer, "index", lambda _writer, _record: (f"({found[0]} - 1)", found[1]))
        try:
            return of_record(self, use)
        finally:
            patch.setattr(Writer, "index", kept)

    patch.setattr(Writer, "_looked_up", wrong)


def _looked_up_as(**changed: Any) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        kept_as = shared_body._kept

        def wrong(*given: Any) -> LookedUp:
            found = kept_as(*given)
            known = {name: getattr(found, name) for name in LookedUp.__dataclass_fields__}
            return LookedUp(**{**known, **changed})

        patch.setattr(shared_body, "_kept", wrong)

    return plant


def _hanging_on(wrong: Callable[[Chooser, Term, Any], Any]) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        found = Chooser._found
        patch.setattr(Chooser, "_found", lambda self, term: wrong(self, term, found(self, term)))

    return plant


def _without_orders(chooser: Chooser, term: Term, found: Any) -> Any:
    """Take what is read of the order itself for nothing."""
    is_order = term.op is Op.READ and found and found[-1].own == "order" and len(found) == 1
    return None if is_order else found


def _without_days(chooser: Chooser, term: Term, found: Any) -> Any:
    return None if term.op is Op.AS_OF else found


def _lost_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shared_body, "LOST", 0)


def _nothing_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shared_body, "either", lambda *conditions: "False")


def _one_digest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Digests, "_own_text", lambda _digests, _term: "")


def _never_loose(patch: pytest.MonkeyPatch) -> None:
    def rows(self: SharedRun, *given: Any) -> Any:
        return np.arange(len(self.columns.records.get(given[0].frame, ())))

    patch.setattr(SharedRun, "rows", rows)


def _shifted(patch: pytest.MonkeyPatch) -> None:
    places = Pack.places

    def wrong(self: Pack) -> Any:
        found = places(self)
        texts = list(found.values())
        return dict(zip(found, [*texts[1:], *texts[:1]], strict=True))

    patch.setattr(Pack, "places", wrong)


FAULTS: dict[str, Plant] = {
    "an order looks up what was worked out for another account": _index_of_another,
    "what is unknown of an account is taken for known": _looked_up_as(may_be_unknown=False),
    "what is none is taken for a value": _looked_up_as(may_be_none=False),
    "a quotient is looked up without what it is divided by": _looked_up_as(is_pair=False),
    "what reads the order too is taken to hang on the account": _hanging_on(_without_orders),
    "what reads the day of the order is taken to hang on the account": _hanging_on(_without_days),
    "too large a number is kept": _nothing_lost,
    "a number that was lost is taken for zero": _lost_kept,
    "terms of other facts have the same name": _one_digest,
    "nothing is worked out for a record that is not there": _never_loose,
    "columns side by side are read at the place of the next": _shifted,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_noticed_that(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = _cases()
    FAULTS[fault](monkeypatch)
    assert any(_notices(number, case) for number, case in enumerate(cases))


def _notices(number: int, case: Case) -> bool:
    try:
        return any(differences for _, differences in _shared(number, case))
    except Exception:
        return True


def test_the_largest_number_that_is_kept_fits_into_64_bits_with_its_sign() -> None:
    assert shared_body.MOST_KEPT < 2**62
    assert LOST not in {0, 1, 2}
