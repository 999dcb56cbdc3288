"""Obligations that no case meets, in words of both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from creditgate.backends.solver.asking import CALENDARS, TIME
from creditgate.generate.finding import NO_PAIR
from creditgate.generate.obligations import (
    ABOVE,
    BELOW,
    FAILS,
    HOLDS,
    MISSING,
    ON,
    SOME,
    Obligation,
)
from creditgate.generate.rule_versions import Taken
from creditgate.generate.rulebook_cases import INFEASIBLE, Unmet
from creditgate.prove.search import DISAGREES, LISTS, NOT_ENCODABLE

Pair = tuple[str, str]
_WHICH: Final[Mapping[str, Pair]] = {
    HOLDS: ("{} holds and alone decides", "{} 成立并单独决定结果"),
    FAILS: ("{} does not hold and alone decides", "{} 不成立并单独决定结果"),
    ON: ("{} decides exactly at its limit", "{} 恰在界限上时决定结果"),
    BELOW: ("{} decides one unit below its limit", "{} 低于界限一个单位时决定结果"),
    SOME: ("{} decides with rows of both kinds", "{} 在各行有是有否时决定结果"),
    ABOVE: ("{} decides one unit above its limit", "{} 高于界限一个单位时决定结果"),
}
_MISSING: Final[Pair] = ("{} alone is missing", "仅缺少 {}")
_INFEASIBLE: Final[Pair] = ("infeasible (proved)", "不可能（已证明）")
_NOT_DECIDED: Final[Pair] = ("not decided", "未能判定")
_WHY: Final[Mapping[str, Pair]] = {
    TIME: ("the solver's limit was reached", "已达求解上限"),
    CALENDARS: ("the calendar was asked too often", "日历推算次数过多"),
    LISTS: ("only lists of more than two rows may show it", "需两行以上的列表方可显示"),
    NOT_ENCODABLE: ("it has no formula: {}", "无法写成公式：{}"),
    NO_PAIR: ("no two orders with different outcomes were found", "未找到结果不同的一对委托"),
    DISAGREES: ("the reference did not confirm what was found", "参考求值器未确认所得结果"),
}


def place(language: str) -> int:
    """Return where the words of a language stand in a pair."""
    return 1 if language == "zh" else 0


def obligation_text(taken: Taken, obligation: Obligation, language: str) -> str:
    """Return what a case would have to show."""
    if obligation.kind == MISSING:
        return _MISSING[place(language)].format(obligation.which)
    assert obligation.condition is not None
    written = f"`{taken.conditions[obligation.condition].text}`"
    return _WHICH[obligation.which][place(language)].format(written)


def why_text(unmet: Unmet, language: str) -> str:
    """Return why an obligation is not met: proved to be infeasible, or what kept it open."""
    if unmet.verdict == INFEASIBLE:
        return _INFEASIBLE[place(language)]
    why = _WHY.get(unmet.why, (unmet.why, unmet.why))[place(language)].format(unmet.about)
    mark = "：" if language == "zh" else ": "
    return f"{_NOT_DECIDED[place(language)]}{mark}{why}"


def unmet_text(taken: Taken, unmet: Unmet, language: str) -> str:
    """Return an obligation that is not met, and why, on one line."""
    mark = "：" if language == "zh" else ": "
    said = obligation_text(taken, unmet.obligation, language)
    return f"{why_text(unmet, language)}{mark}{said}".replace("\n", " ")
