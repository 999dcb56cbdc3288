"""Answers as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from creditgate.prove.answers import Answer, Decided, Order
from creditgate.prove.sentences import DECISIONS, VERDICTS, days, place, sentence

WIDTH: Final = 100


def answer_lines(answer: Answer, lang: str) -> list[str]:
    """Return an answer as lines: the sentence, and each concrete order with what was decided."""
    verdict = VERDICTS[answer.verdict][place(lang)]
    lines = [f"{verdict:<12}{sentence(answer, lang)}{days(answer, lang)}"]
    for order in answer.order:
        lines += [f"    {line}" for line in order_lines(order, lang)]
    return lines


def order_lines(order: Order, lang: str) -> list[str]:
    """Return a concrete order: the decisions, and its facts as a document on one line each."""
    lines = [decided_line(decided, lang) for decided in order.decisions]
    return [*lines, json.dumps(order.document, ensure_ascii=False)]


def decided_line(decided: Decided, lang: str) -> str:
    """Return what a rulebook decided."""
    said = f"{decided.rulebook}: {DECISIONS[decided.decision][place(lang)]}"
    rules = decided.breached or decided.undecided or decided.pending
    return f"{said} ({', '.join(rules)})" if rules else said


def summary_lines(answers: Sequence[Answer], lang: str) -> list[str]:
    """Return how many answers there are of each kind."""
    count: Counter[str] = Counter(answer.verdict for answer in answers)
    found = sum(answer.is_finding for answer in answers)
    parts = [f"{count[verdict]} {words[place(lang)]}" for verdict, words in VERDICTS.items()]
    said = (
        f"{len(answers)} answers: {', '.join(parts)}; {found} to look at",
        f"共 {len(answers)} 个答案：{'，'.join(parts)}；其中 {found} 个需要查看",
    )
    return [said[place(lang)]]


def answer_json(answer: Answer) -> Mapping[str, Any]:
    """Return an answer as plain values."""
    return {
        "question": answer.question,
        "rulebook": answer.rulebook,
        "subject": answer.subject or None,
        "answer": answer.verdict,
        "why": answer.why or None,
        "sentence": {"en": sentence(answer, "en"), "zh": sentence(answer, "zh")},
        "from": None if answer.first is None else date.fromordinal(answer.first).isoformat(),
        "until": None if answer.last is None else date.fromordinal(answer.last).isoformat(),
        "to_look_at": answer.is_finding,
        "orders": [
            {
                "facts": order.document,
                "decisions": [
                    {
                        "rulebook": decided.rulebook,
                        "decision": decided.decision,
                        "breached": list(decided.breached),
                        "undecided": list(decided.undecided),
                        "pending": list(decided.pending),
                    }
                    for decided in order.decisions
                ],
            }
            for order in answer.order
        ],
    }
