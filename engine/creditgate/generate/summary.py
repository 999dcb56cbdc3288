"""What was made of a rulebook's rules, in numbers: as text in both languages, and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from creditgate.generate.obligation_words import obligation_text, place, unmet_text, why_text
from creditgate.generate.rulebook_cases import INFEASIBLE, NOT_DECIDED, VersionCases


@dataclass(frozen=True, slots=True)
class Summary:
    """The versions of a rulebook's rules with their cases, and the files that hold these."""

    rulebook: str
    base: str | None
    left_to_base: int
    parts: tuple[VersionCases, ...]
    files: tuple[str, ...] = ()
    outside_scenarios: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many conditions and obligations there are, and what became of these."""

    rules: int
    versions: int
    conditions: int
    obligations: int
    covered: int
    met: int
    cases: int
    infeasible: int
    not_decided: int


def count(parts: Sequence[VersionCases]) -> Count:
    """Return the numbers of some versions together."""
    unmet = [each.verdict for part in parts for each in part.unmet]
    return Count(
        len({part.taken.version.id for part in parts}),
        len(parts),
        sum(len(part.taken.conditions) for part in parts),
        sum(len(part.obligations) for part in parts),
        sum(len(part.covered) for part in parts),
        sum(part.met_by_cases for part in parts),
        sum(len(part.cases) for part in parts),
        unmet.count(INFEASIBLE),
        unmet.count(NOT_DECIDED),
    )


_LINES: Final = (
    ("rules {rules}, meanings {versions}, conditions {conditions}, things to show {obligations}",
     "规则 {rules} 条，共 {versions} 种含义，条件 {conditions} 个，须显示 {obligations} 项"),
    ("  covered by scenarios  {covered}", "  已有案例覆盖  {covered}"),
    ("  met by new cases      {met}, in {cases} cases", "  由新案例满足  {met}，新案例 {cases} 个"),
    ("  infeasible (proved)   {infeasible}", "  不可能（已证明）  {infeasible}"),
    ("  not decided           {not_decided}", "  未能判定      {not_decided}"),
)  # fmt: skip
_LEFT: Final = (
    "{} meanings stand alike in {} and are left to it; name a rule with --rule, or {} itself",
    "{} 种含义与 {} 相同，由其自身的案例负责；可用 --rule 指定规则，或直接对 {} 生成",
)
_WRITTEN: Final = ("written: {}", "已写入：{}")
_NOTHING: Final = ("nothing to write", "无须写入")
_OUTSIDE: Final = (
    "`creditgate test` runs the files in the folder `scenarios` of a rulebook; these lie elsewhere",
    "`creditgate test` 只运行规则手册 `scenarios` 文件夹内的文件；以上文件在别处",
)


def summary_lines(summary: Summary, language: str) -> Iterator[str]:
    """Yield the summary as lines: what is unmet, one by one, then the numbers and the files."""
    at = place(language)
    for part in summary.parts:
        if part.unmet:
            days = part.taken.version.days
            yield f"{part.taken.version.id} ({date.fromordinal(days.first).isoformat()})"
        for unmet in part.unmet:
            yield f"  {unmet_text(part.taken, unmet, language)}"
    values = _as_map(count(summary.parts))
    yield f"{summary.rulebook}{'：' if at else ': '}{_LINES[0][at].format(**values)}"
    yield from (line[at].format(**values) for line in _LINES[1:])
    if summary.left_to_base:
        yield _LEFT[at].format(summary.left_to_base, summary.base, summary.base)
    if not count(summary.parts).cases:
        yield _NOTHING[at]
    yield from (_WRITTEN[at].format(path) for path in summary.files)
    if summary.outside_scenarios:
        yield _OUTSIDE[at]


def summary_map(summary: Summary) -> Mapping[str, Any]:
    """Return the summary as plain values."""
    return {
        "rulebook": summary.rulebook,
        **_as_map(count(summary.parts)),
        "left_to_base": summary.left_to_base,
        "files": list(summary.files),
        "versions": len(summary.parts),
        "by_version": [_part_map(part) for part in summary.parts],
    }


def _part_map(part: VersionCases) -> Mapping[str, Any]:
    days, values = part.taken.version.days, _as_map(count([part]))
    del values["rules"], values["versions"]
    return {
        "rule": part.taken.version.id,
        "from": date.fromordinal(days.first).isoformat(),
        "until": None if days.last is None else date.fromordinal(days.last).isoformat(),
        **values,
        "unmet": [
            {
                "verdict": unmet.verdict,
                "what": {
                    name: obligation_text(part.taken, unmet.obligation, name)
                    for name in ("en", "zh")
                },
                "why": {name: why_text(unmet, name) for name in ("en", "zh")},
            }
            for unmet in part.unmet
        ],
    }


def _as_map(found: Count) -> dict[str, int]:
    return {name: getattr(found, name) for name in Count.__dataclass_fields__}
