"""The page on speed shows what a run kept, in words, tables and the chart."""

from __future__ import annotations

from msgspec.structs import replace
from tests.perf.peers.bar_chart import bar_chart
from tests.perf.peers.every_peer import PEERS
from tests.perf.peers.report import report
from tests.perf.peers.results import CHART, KINDS, kept


def test_the_chart_is_drawn_from_the_results_kept() -> None:
    assert CHART.read_text("utf-8") == bar_chart(kept()), "run tests.perf.peers_bench --write"


def test_every_peer_was_measured() -> None:
    results = kept()
    assert not results.absent
    measured = {way.title for way in results.timed if way.is_peer}
    assert measured == {peer.title for peer in PEERS}


def test_our_answers_were_all_right() -> None:
    assert kept().engine.wrong == 0
    assert kept().engine.asked >= 20_000


def test_a_peer_that_errs_sets_no_ratio() -> None:
    results = kept()
    for kind in KINDS:
        quickest = results.quickest_right(kind)
        assert quickest is not None
        assert quickest.wrong == 0
        erring = [
            replace(way, wrong=1) if way.title == quickest.title else way for way in results.timed
        ]
        other = replace(results, timed=erring).quickest_right(kind)
        assert other is not None
        assert other.title != quickest.title


def test_without_peers_the_report_says_what_is_missing() -> None:
    results = replace(kept(), timed=kept().timed[:2], absent=["zen-engine"])
    said = report(results)
    assert "no peer without wrong answers was measured" in said
    assert "Not installed and not measured: zen-engine." in said
    assert bar_chart(results).count("<rect") == 1 + 2 + 4
