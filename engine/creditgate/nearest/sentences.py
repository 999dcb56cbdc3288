"""Answers as text, in English or Chinese, and as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from creditgate.decide.decision import APPROVED
from creditgate.explain.wording import unknown_words
from creditgate.nearest.answers import (
    FOUND,
    NONE,
    NOT_DECIDED,
    NOT_GIVEN,
    NOT_READ,
    ChangedFact,
    NearestApproval,
    Suggestion,
)

MOST_RULES: Final = 3
Sentence = tuple[str, str]

DIRECTIONS: Final[Mapping[str, Sentence]] = {
    "lower": ("lower", "低"),
    "higher": ("higher", "高"),
    "earlier": ("earlier", "早"),
    "later": ("later", "晚"),
}
OR: Final[Sentence] = (" or ", "或")
# What is said of a value by the kind of its fact and the direction; `any` where neither fits.
FOUND_WORDS: Final[Mapping[tuple[str, str], Sentence]] = {
    ("quantity", "lower"): ("approved for at most {value}{steps}", "最多{value}可通过{steps}"),
    ("money", "lower"): ("approved for at most {value}{steps}", "最多 {value} 可通过{steps}"),
    ("quantity", "higher"): (
        "approved with {value}{steps}, {difference} more, and with nothing less",
        "增加{difference}至{value}可通过{steps}，不能再少",
    ),
    ("money", "higher"): (
        "approved with {value}{steps}, {difference} more, and with nothing less",
        "增加 {difference} 至 {value} 可通过{steps}，不能再少",
    ),
    ("date", "later"): (
        "approved on {value}, {difference} later, and on no day before",
        "最早于{value}可通过（{difference}之后）",
    ),
    ("date", "earlier"): (
        "approved on {value}, {difference} earlier, and on no day after",
        "最晚于{value}可通过（{difference}之前）",
    ),
    ("any", "any"): (
        "approved at {value}{steps}, {difference} {direction}, and at nothing nearer",
        "为 {value} 时可通过{steps}（{direction} {difference}），更接近原值均不通过",
    ),
}
STEPS: Final[Sentence] = (" (in steps of {step})", "（以{step}为一档）")
STEP_UNKNOWN: Final[Sentence] = (
    " ({path} is not given, so not kept to)",
    "（未给出 {path}，未按其取整）",
)
TOGETHER: Final[Sentence] = (
    "{value} ({difference} {direction}){unkept}",
    "{value}（{direction}{difference}）{unkept}",
)
STATES: Final[Mapping[str, Sentence]] = {
    NONE: ("no {direction} value alone would do", "单独调{direction}均不能通过"),
    NOT_DECIDED: (
        "no {direction} value was found within the limit, which proves nothing",
        "在搜索限度内未找到更{direction}的可通过值，并不表示不存在",
    ),
    NOT_GIVEN: ("not known, so not changed", "未知，故不作变动"),
    NOT_READ: ("no {direction} value matters here", "调{direction}与本次判定无关"),
}
DAYS: Final[Mapping[str, Sentence]] = {
    NONE: ("approved on no {direction} day up to {until}", "至{until}，各日均不能通过"),
    NOT_DECIDED: (
        "up to {until} approved only on days of which it is not known whether they have a session",
        "至{until}，仅在交易日历未知的日期可通过",
    ),
}
STOPPED: Final[Sentence] = ("; stopped by {rules}", "；受限于 {rules}")
HEAD: Final[Sentence] = (
    "What would have to change, all other facts as they are:",
    "如何方可通过（其他事实不变）：",
)
MISSING: Final[Sentence] = ("asked for first{missing}", "首先须补充{missing}")
ALONE_NONE: Final[Sentence] = (
    "no fact that may be changed is given",
    "没有可变动的事实",
)
NOTHING_TOGETHER: Final[Sentence] = (
    "nor was it found that some of these would do together",
    "亦未找到数项同时变动即可通过的方案",
)
TOGETHER_HEAD: Final[Sentence] = (
    "only together (the first changed as little as possible, then the next):",
    "须同时变动（先使第一项变动最小，再使下一项变动最小）：",
)


def _place(language: str) -> int:
    return 1 if language == "zh" else 0


def nearest_lines(answer: NearestApproval, language: str) -> Iterator[str]:
    """Yield an answer as lines; nothing where the event is approved as it is."""
    if answer.decision == APPROVED:
        return
    place = _place(language)
    yield f"  {HEAD[place]}"
    if answer.missing:
        missing = unknown_words(answer.missing, (), language)
        yield f"    {MISSING[place].format(missing=missing)}"
    for same in _by_fact(answer.alone):
        yield f"    {_line(same, language)}"
    if not answer.alone:
        yield f"    {ALONE_NONE[place]}"
    if answer.together:
        yield f"    {TOGETHER_HEAD[place]}"
        for suggestion in answer.together:
            yield f"      {_together(suggestion, language)}"
    elif len(answer.alone) > 1 and not answer.found:
        yield f"    {NOTHING_TOGETHER[place]}"


def _by_fact(suggestions: Iterable[Suggestion]) -> Iterator[list[Suggestion]]:
    """Yield answers; those about one fact that come to the same in both directions, together."""
    last: list[Suggestion] = []
    for item in suggestions:
        is_same = bool(last) and (item.paths, item.state) == (last[0].paths, last[0].state)
        if is_same and item.state != FOUND and item.until == last[0].until:
            last.append(item)
            continue
        if last:
            yield last
        last = [item]
    if last:
        yield last


def _line(same: list[Suggestion], language: str) -> str:
    place, suggestion = _place(language), same[0]
    title = suggestion.titles[0].of(language)
    if suggestion.state == FOUND:
        said = _found(suggestion.changes[0], language)
    else:
        words = [DIRECTIONS[item.directions[0]][place] for item in same]
        sentences = STATES if suggestion.until is None else DAYS
        said = sentences[suggestion.state][place].format(
            direction=OR[place].join(words), until=suggestion.until
        )
        stopped = tuple(sorted({rule for item in same for rule in item.stopped_by}))
        if suggestion.state == NONE and stopped:
            said += STOPPED[place].format(rules=_rules(stopped, language))
    return f"{title}：{said}" if language == "zh" else f"{title}: {said}"


def _found(change: ChangedFact, language: str) -> str:
    keys = [(change.kind, change.direction), ("any", "any")]
    sentence = next(FOUND_WORDS[key] for key in keys if key in FOUND_WORDS)
    return _filled(sentence, change, language)


def _filled(sentence: Sentence, change: ChangedFact, language: str) -> str:
    place = _place(language)
    step = change.step
    steps = "" if step is None else STEPS[place].format(step=step.words.of(language))
    path = change.step_unknown
    unkept = "" if path is None else STEP_UNKNOWN[place].format(path=path)
    return sentence[place].format(
        value=change.value.words.of(language),
        difference=change.difference.words.of(language),
        direction=DIRECTIONS[change.direction][place],
        steps=steps + unkept,
        unkept=unkept,
    )


def _together(suggestion: Suggestion, language: str) -> str:
    parts = [
        f"{change.title.of(language)} {_filled(TOGETHER, change, language)}"
        for change in suggestion.changes
    ]
    return "；".join(parts) + "：可通过" if language == "zh" else f"{' and '.join(parts)}: approved"


def _rules(rules: tuple[str, ...], language: str) -> str:
    shown = list(rules[:MOST_RULES])
    more = len(rules) - len(shown)
    if more:
        shown.append(f"另{more}条" if language == "zh" else f"{more} more")
    return ("、" if language == "zh" else ", ").join(shown)


def nearest_json(answer: NearestApproval) -> dict[str, Any]:
    """Return an answer as plain values; the changed documents are left out."""
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    for suggestion in (*plain["alone"], *plain["together"]):
        del suggestion["document"]
    return plain
