"""What became of the changes of a rulebook, as text and as JSON, in English and Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from creditgate.backends.words.nouns import Scope
from creditgate.backends.words.sentences import Words
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import BOOLEAN
from creditgate.domain.shown import decimal_text
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import Literal
from creditgate.ir.rulebook import Rulebook
from creditgate.mutate.change import (
    CASE,
    DATE,
    EFFECT,
    EXEMPTION,
    RULE,
    STATUS,
    Change,
    Told,
)
from creditgate.mutate.expressions import CONSTANT, MEMBER, NEGATED, OPERATOR
from creditgate.mutate.verdicts import CAUGHT, NOT_CAUGHT, REFUSED, SAME, Verdict

_KINDS: Final[Mapping[str, Bilingual]] = {
    CONSTANT: Bilingual("constant", "常数"),
    OPERATOR: Bilingual("operator", "运算"),
    NEGATED: Bilingual("condition negated", "条件取反"),
    MEMBER: Bilingual("member left out", "漏列成员"),
    DATE: Bilingual("date", "日期"),
    EXEMPTION: Bilingual("exemption taken out", "删除除外情形"),
    CASE: Bilingual("case taken out", "删除情形"),
    RULE: Bilingual("rule taken out", "删除规则"),
    STATUS: Bilingual("status", "状态"),
    EFFECT: Bilingual("effect", "效力"),
}
_SUMMARY: Final = Bilingual(
    "{rulebook}: {total} changes: {caught} caught, {not_caught} not caught, {same} proved to change "
    "nothing, {refused} refused when loaded; {percent}% caught",
    "{rulebook}：共{total}处改动：发现{caught}处，未发现{not_caught}处，已证明不改变结果{same}处，"
    "加载时拒绝{refused}处；发现率{percent}%",
)
_CUT: Final = Bilingual(
    "interrupted: {done} of {total} changes were judged", "已中断：{total}处改动中已检查{done}处"
)
_TITLE: Final = Bilingual("not caught", "未发现")
_WAS: Final = Bilingual("was", "原文")
_IS: Final = Bilingual("is", "改为")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the changes that were judged; `asked` is how many were to be."""

    book: Rulebook
    changes: Sequence[Change]
    verdicts: Sequence[Verdict]
    asked: int

    def of(self, state: str) -> list[Change]:
        """Return the changes of which that became."""
        return [self.changes[v.place] for v in self.verdicts if v.state == state]

    @property
    def percent(self) -> Fraction:
        """Return how many of a hundred changes are caught that change something; 100 of none."""
        count = Counter(verdict.state for verdict in self.verdicts)
        judged = count[CAUGHT] + count[NOT_CAUGHT]
        return Fraction(100 * count[CAUGHT], judged) if judged else Fraction(100)

    @property
    def is_whole(self) -> bool:
        """Tell whether all changes were judged."""
        return len(self.verdicts) == self.asked

    def lines(self, language: str) -> Iterator[str]:
        """Yield the changes that no case catches, then how many of each kind there are."""
        for change in self.of(NOT_CAUGHT):
            yield from self._change_lines(change, language)
        count = Counter(verdict.state for verdict in self.verdicts)
        yield _SUMMARY.of(language).format(
            rulebook=self.book.id, total=len(self.verdicts), caught=count[CAUGHT],
            not_caught=count[NOT_CAUGHT], same=count[SAME], refused=count[REFUSED],
            percent=_rounded_down(self.percent),
        )  # fmt: skip
        if not self.is_whole:
            yield _CUT.of(language).format(done=len(self.verdicts), total=self.asked)

    def _change_lines(self, change: Change, language: str) -> Iterator[str]:
        head = f"{_TITLE.of(language)}  {change.id}  {_KINDS[change.kind].of(language)}"
        yield f"{head}  {change.name}  {change.part.of(language)}"
        yield f"  {place_of(change)}"
        for title, told in zip((_WAS, _IS), self.told(change), strict=True):
            yield f"  {title.of(language)}: {self.words(told, language)}"

    def told(self, change: Change) -> tuple[Told, Told]:
        """Return what stood there and what stands there, with the comparison around it."""
        was, becomes = (change.old, change.new) if change.around is None else change.around
        old, new = change.old, change.new
        if change.kind == MEMBER and isinstance(old, Literal) and isinstance(new, Literal):
            assert isinstance(old.value, frozenset)
            assert isinstance(new.value, frozenset)
            gone = Literal(old.type, old.value - new.value)
            en, zh = [self.words(gone, language) for language in ("en", "zh")]
            return was, Bilingual(f"without {en}", f"不含{zh}")
        return was, becomes

    def words(self, told: Told, language: str) -> str:
        """Return what stood or stands there in words; as a formula where it is a part of a list."""
        if isinstance(told, Bilingual):
            return told.of(language)
        try:
            words = Words(self.book, language)
            if told.type == BOOLEAN and not isinstance(told, Literal):
                return words.condition(told, Scope(), holds=True).text
            return words.value(told)
        except (
            AssertionError,
            KeyError,
        ):  # a row has no name outside of what goes through the list
            return formula_text(told)

    def document(self) -> Mapping[str, Any]:
        """Return everything as plain values."""
        count = Counter(verdict.state for verdict in self.verdicts)
        return {
            "rulebook": self.book.id,
            "changes": len(self.verdicts),
            "of": self.asked,
            "caught": count[CAUGHT],
            "not_caught": [self._plain(change) for change in self.of(NOT_CAUGHT)],
            "same": [self._plain(change) for change in self.of(SAME)],
            "refused": [self._plain(change) for change in self.of(REFUSED)],
            "percent": _rounded_down(self.percent),
        }

    def _plain(self, change: Change) -> Mapping[str, Any]:
        was, becomes = [
            {language: self.words(told, language) for language in ("en", "zh")}
            for told in self.told(change)
        ]
        return {
            "id": change.id,
            "kind": change.kind,
            "section": change.section,
            "name": change.name,
            "part": {"en": change.part.en, "zh": change.part.zh},
            "place": place_of(change),
            "was": was,
            "is": becomes,
        }


def place_of(change: Change) -> str:
    """Return file and line."""
    span = change.span
    return "" if span.file is None else f"{span.file.path}:{span.file.line_column(span.start)[0]}"


def _rounded_down(percent: Fraction) -> str:
    """Return a percentage with one decimal, which never says more than is so."""
    return decimal_text(Fraction(int(percent * 10), 10), 1)


def is_at_least(report: Report, percent: int) -> bool:
    """Tell whether all changes were judged and enough of them are caught."""
    return report.is_whole and report.percent >= percent
