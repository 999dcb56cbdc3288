"""A decision as text that a trader understands at once, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from creditgate.base.render import visible
from creditgate.decide.decision import APPROVED, OUT_OF_SCOPE, PENDING, REJECTED, UNDECIDED
from creditgate.domain.citation import Bilingual
from creditgate.domain.outcomes import BREACHED, NOT_APPLICABLE, SATISFIED
from creditgate.explain.report import Finding, Report
from creditgate.explain.wording import (
    authority_words,
    distance_words,
    limit_words,
    name_words,
    unknown_words,
)

if TYPE_CHECKING:
    from creditgate.explain.authorities import Authority
    from creditgate.explain.evidence import RuleEvidence
    from creditgate.explain.remedies import OfferedRemedy

_DECISIONS: Final = {
    APPROVED: Bilingual("APPROVED", "通过"),
    REJECTED: Bilingual("REJECTED", "拒绝"),
    UNDECIDED: Bilingual("UNDECIDED", "无法判定"),
    PENDING: Bilingual("PENDING", "期限未到"),
    OUT_OF_SCOPE: Bilingual("OUT OF SCOPE", "不在适用范围"),
}
_PAINT: Final = {
    APPROVED: "\x1b[32m", REJECTED: "\x1b[31m", UNDECIDED: "\x1b[33m", PENDING: "\x1b[36m",
}  # fmt: skip
_RESET: Final = "\x1b[0m"


def text_of(
    report: Report, language: str = "en", *, color: bool = False, names: bool = False
) -> str:
    """Return a report as text; an approved order is one line unless its evidence was asked for.

    Comparisons, parameters and tables stand in words; with `names` as the rulebooks write them.
    Every character that a terminal would obey is written out.
    """
    return "\n".join(_Writer(report, language, color, names).lines())


class _Writer:
    def __init__(self, report: Report, language: str, color: bool, names: bool) -> None:
        self.report = report
        self.names = names
        self.language = language
        self.color = color

    def say(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def lines(self) -> Iterator[str]:
        yield self._first_line()
        for finding in self.report.findings:
            yield from map(visible, self._finding(finding))
        yield from map(visible, self._refusals())
        for remedy in self.report.remedies:
            yield from map(visible, self._remedy(remedy))
        yield from map(visible, self._values())
        if self.report.evidence:
            yield from map(visible, self._evidence())

    def _first_line(self) -> str:
        core = self.report.core
        word = _DECISIONS[core.decision].of(self.language)
        if self.color and core.decision in _PAINT:
            word = f"{_PAINT[core.decision]}{word}{_RESET}"
        books = [item.id for item in core.rulebooks if item.governs != "no"]
        named = ", ".join(books or [item.id for item in core.rulebooks])
        day = "" if core.as_of is None else self.say(f" on {core.as_of}", f"，{core.as_of}")
        if core.what_if and core.as_of is not None:
            day = self.say(
                f", what if the law of {core.as_of} applied", f"，假设适用{core.as_of}的规则"
            )
        if core.known_on is not None:
            day += self.say(f", as known on {core.known_on}", f"，按{core.known_on}已公布的内容")
        where = self.say(f" ({named})", f"（{named}）") if named else ""
        return f"{word}  {visible(self.report.headline.of(self.language) + day + where)}"

    def _finding(self, finding: Finding) -> Iterator[str]:
        title = finding.title.of(self.language)
        if finding.outcome == BREACHED:
            mark = "✗" if finding.effect == "reject" else "!"
            message = title if finding.message is None else finding.message.of(self.language)
            yield f"  {mark} {finding.reason}  {message}"
        elif finding.outcome == PENDING:
            mark = "…" if finding.effect == "reject" else "!"
            yield f"  {mark} {finding.reason}  {self._pair(title, self._due(finding.due))}"
        else:
            mark = "?" if finding.effect == "reject" else "!"
            missing = self._unknown(finding.missing, finding.because)
            cannot = self.say("cannot be decided", "无法判定")
            yield f"  {mark} {finding.reason}  {self._pair(title, f'{cannot}{missing}')}"
        if finding.authority is not None:
            yield f"      {self._citation(finding, finding.authority)}"

    def _unknown(self, missing: tuple[str, ...], because: tuple[str, ...]) -> str:
        return unknown_words(missing, because, self.language, self.report.titles)

    def _due(self, due: str | None) -> str:
        return self.say(f"due by {due}", f"期限 {due}")

    def _pair(self, title: str, words: str) -> str:
        return self.say(f"{title}: {words}", f"{title}：{words}")

    def _citation(self, finding: Finding, authority: Authority) -> str:
        parts = [authority_words(authority, finding.grade, self.language)]
        limit = finding.limit
        distance = None if limit is None else distance_words(limit, self.language)
        parts += [] if distance is None else [distance]
        parts += [self._due(finding.due)] if finding.outcome == BREACHED and finding.due else []
        parts.append(f"[{finding.rule}]")
        return self.say("; ", "；").join(parts)

    def _refusals(self) -> Iterator[str]:
        for refusal in self.report.core.refusals:
            yield f"  ! {refusal.code}  {refusal.message}"
        if self.report.core.decision == OUT_OF_SCOPE:
            yield self.say(
                "  no rulebook that is loaded governs this on that day; it is not approved",
                "  所载规则集当日均不适用，不予通过",
            )

    def _remedy(self, remedy: OfferedRemedy) -> Iterator[str]:
        titles = self.say("; ", "；").join(title.of(self.language) for title in remedy.titles)
        approved = self.say("approved", "可通过")
        parts = [
            self.say(", ", "，").join(
                f"{change.title.of(self.language)} {change.value.words.of(self.language)}"
                for change in part
            )
            for part in remedy.parts
        ]
        if len(parts) == 1:
            shown = self.say(f"{titles} ({parts[0]})", f"{titles}（{parts[0]}）")
            yield "  → " + (self._pair(shown, approved) if titles else f"{parts[0]}: {approved}")
            return
        yield f"  → {self._pair(titles, approved)}"
        for place, part in enumerate(parts, 1):
            yield f"      {place}. {part}"

    def _values(self) -> Iterator[str]:
        for value in self.report.values:
            unknown = self._unknown(value.missing, value.because)
            yield f"  {value.name} = {value.words.of(self.language)}{unknown}"

    def _evidence(self) -> Iterator[str]:
        for part in self.report.evidence:
            if part.governs == "no":
                continue
            yield f"  {part.rulebook}  {part.title.of(self.language)}"
            for rule in part.rules:
                if rule.outcome != NOT_APPLICABLE or rule.exempted_by is not None:
                    yield from self._rule(rule)
        for claim in self.report.claims:
            relied = self.say("relied on", "已采信") if claim.relied_on else self.say(
                "not needed", "未使用"
            )  # fmt: skip
            made = self.say(f"by {claim.by} at {claim.at}", f"{claim.by} 于 {claim.at} 作出")
            yield f"  {self._pair(claim.title.of(self.language), f'{made}; {relied}')}"

    def _rule(self, rule: RuleEvidence) -> Iterator[str]:
        marks = {SATISFIED: "✓", BREACHED: "✗", NOT_APPLICABLE: "–", PENDING: "…"}
        mark = marks.get(rule.outcome, "?")
        yield f"    {mark} {rule.rule}  {rule.title.of(self.language)}"
        yield f"        {authority_words(rule.authority, rule.grade, self.language)}"
        if rule.due is not None:
            yield f"        {self._due(rule.due)}"
        for limit in rule.limits:
            if limit.holds and limit.right.source == "none":
                continue
            distance = distance_words(limit, self.language)
            shown = limit_words(limit, self.language, names=self.names)
            sign = "" if limit.holds else self.say("does not hold: ", "不成立：")
            colon = self.say(": ", "：") if distance else ""
            yield f"        {sign}{shown}{colon}{distance or ''}"
        for exemption in rule.exemptions:
            if exemption.holds == "yes":
                title = exemption.title
                held = self.say("exempt", "豁免")
                yield f"        {self._pair(held, title.of(self.language))}"
                cited = exemption.authority
                yield f"          {authority_words(cited, cited.evidence, self.language)}"
        if rule.missing or rule.because:
            unknown = self._unknown(rule.missing, rule.because)
            yield f"        {self.say('not known', '未知')}{unknown}"
        for name in rule.names:
            if name.kind != "figure":
                yield f"        {name_words(name, self.language, names=self.names)}"
