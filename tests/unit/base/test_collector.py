"""What the collector keeps, in which order, and what it cuts off."""

from __future__ import annotations

import pytest

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic, Severity, error, note, warning
from creditgate.base.failures import RulebookRejected
from creditgate.base.spans import NOWHERE, SourceFile, Span

A = SourceFile("a.yaml", "x" * 5_000)
B = SourceFile("b.yaml", "y" * 50)


def at(file: SourceFile, offset: int, message: str = "wrong") -> Diagnostic:
    return error(Code.SYNTAX_ERROR, message, Span(file, offset, offset + 1))


def test_findings_come_in_the_order_of_files_and_places_and_placeless_ones_last() -> None:
    nowhere = error(Code.MISSING_FILE, "there is no such file", NOWHERE)
    collector = Collector()
    collector.extend([nowhere, at(B, 1), at(A, 7), at(A, 2)])
    assert collector.diagnostics == (at(A, 2), at(A, 7), at(B, 1), nowhere)


def test_a_finding_made_twice_is_shown_once() -> None:
    collector = Collector()
    collector.extend([at(A, 2), at(A, 2)])
    assert collector.diagnostics == (at(A, 2),)
    assert collector.error_count == 1


@pytest.mark.parametrize(
    ("diagnostic", "is_error"),
    [
        pytest.param(at(A, 1), True, id="an error refuses"),
        pytest.param(warning(Code.UNUSED_NAME, "unused", NOWHERE), False, id="a warning does not"),
        pytest.param(note(Code.UNUSED_NAME, "unused", NOWHERE), False, id="a note does not"),
    ],
)
def test_only_errors_refuse(diagnostic: Diagnostic, is_error: bool) -> None:
    collector = Collector()
    collector.add(diagnostic)
    assert collector.has_errors is is_error


def test_an_empty_collector_has_nothing() -> None:
    assert Collector().diagnostics == ()
    assert not Collector().has_errors


def test_beyond_the_cap_errors_go_before_warnings_and_the_rest_is_counted() -> None:
    collector = Collector(cap=3)
    collector.add(warning(Code.UNUSED_NAME, "unused", Span(A, 0, 1)))
    collector.extend(at(A, offset) for offset in (5, 4, 3, 2))
    *shown, closing = collector.diagnostics
    assert shown == [at(A, 3), at(A, 4), at(A, 5)]
    assert (closing.code, closing.severity) == (Code.MORE_FINDINGS, Severity.NOTE)
    assert closing.message == "2 more findings are not shown"


def test_an_error_that_is_no_longer_kept_still_refuses() -> None:
    collector = Collector(cap=1)
    collector.extend(warning(Code.UNUSED_NAME, "unused", Span(A, n, n + 1)) for n in range(2_000))
    collector.add(at(A, 1))
    assert collector.has_errors
    assert collector.diagnostics[-1].message == "2000 more findings are not shown"


def test_a_rejected_rulebook_shows_all_its_findings() -> None:
    rejected = RulebookRejected([at(B, 1, "the first"), at(B, 3, "the second")])
    assert rejected.diagnostics == (at(B, 1, "the first"), at(B, 3, "the second"))
    assert "CG3001 error: the first" in str(rejected)
    assert "CG3001 error: the second" in str(rejected)
