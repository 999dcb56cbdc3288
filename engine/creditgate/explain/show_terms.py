"""The labels that `show` prints, in both languages."""

from __future__ import annotations

from typing import Final

from creditgate.domain.citation import Bilingual

TERMS: Final = {
    "builds_on": Bilingual("Builds on", "继承自"),
    "as_of": Bilingual("As it stands on {0}", "{0}有效的文本"),
    "since": Bilingual("since", "自"),
    "until": Bilingual("until", "至"),
    "in_force": Bilingual("in force since {0}", "自{0}起施行"),
    "ended": Bilingual("until {0}", "至{0}止"),
    "held": Bilingual("since {0}", "自{0}起"),
    "dash": Bilingual(" · ", " · "),
    "issued": Bilingual(" ({0})", "（{0}发布）"),
    "legend": Bilingual("How well it is known", "依据等级"),
    "published": Bilingual("published", "公布于"),
    "known_on": Bilingual("as known on {0}", "按{0}已公布的内容"),
    "governs": Bilingual("Governs", "适用范围"),
    "governs_nothing": Bilingual(
        "nothing; it holds figures only, and no trade is approved by it",
        "无；仅含计算指标，不据以批准任何交易",
    ),
    "determinations": Bilingual("Determinations", "状态判定"),
    "parameters": Bilingual("Parameters", "参数"),
    "tables": Bilingual("Tables", "参数表"),
    "figures": Bilingual("Figures", "计算指标"),
    "resting": Bilingual("Not in force on this day", "当日未生效"),
    "not_active": Bilingual("not in force on this day", "当日未生效"),
    "instruments": Bilingual("Legal texts", "法规文件"),
    "applies": Bilingual("Applies to", "适用"),
    "colon": Bilingual(": ", "："),
    "requires": Bilingual("Requires", "要求"),
    "forbids": Bilingual("Forbids that", "禁止"),
    "due": Bilingual("Due by", "期限"),
    "unless": Bilingual("Unless", "除外"),
    "breached": Bilingual("If breached", "违反后果"),
    "reject": Bilingual("rejected", "拒绝"),
    "warn": Bilingual("a warning only", "仅提示"),
    "message": Bilingual("Message", "提示语"),
    "remedy": Bilingual("Remedy", "补救"),
    "source": Bilingual("Source", "依据"),
    "note": Bilingual("Note", "说明"),
    "history": Bilingual("History", "沿革"),
    "cited": Bilingual("As this authority cites it", "本机构条文"),
    "place": Bilingual("Written in", "出处"),
    "written": Bilingual("Written", "原文"),
    "gives": Bilingual("Gives", "结果"),
    "predicts": Bilingual("Foretells", "预计"),
    "value": Bilingual("Value", "取值"),
    "no_value": Bilingual("none on this day", "当日无取值"),
    "stricter": Bilingual("Stricter", "从严方向"),
    "higher": Bilingual("the higher value", "较高者"),
    "lower": Bilingual("the lower value", "较低者"),
    "replaces": Bilingual("Replaces", "替换"),
    "of_word": Bilingual("of", "所属："),
    "of": Bilingual("For", "对象"),
    "each": Bilingual("each {0}", "每一{0}"),
    "unit": Bilingual("Kind", "类型"),
    "no_source": Bilingual("no citation", "无出处"),
    "always": Bilingual("always", "始终"),
    "and": Bilingual("; ", "；"),
}

LABELS: Final = (
    "applies",
    "requires",
    "forbids",
    "due",
    "unless",
    "breached",
    "message",
    "remedy",
    "source",
    "note",
    "place",
    "written",
    "gives",
    "predicts",
    "value",
    "stricter",
    "replaces",
    "of",
    "unit",
)

#: Grades of evidence, the best first.
GRADES: Final = {
    "official": Bilingual("official: read in the official text", "官方原文：读自官方文本"),
    "reproduced": Bilingual("reproduced: read in a reprint of the text", "转载原文：读自转载文本"),
    "secondary": Bilingual("secondary: known from a secondary source", "二手来源：据二手资料"),
    "unverified": Bilingual(
        "UNVERIFIED: not checked against any text", "未经核实：未与任何文本核对"
    ),
}


def evidence_text(grade: str, language: str, *, fully: bool = False) -> str:
    """Return a grade of evidence, with what it means where that is asked.

    >>> evidence_text("unverified", "en"), evidence_text("official", "en", fully=True)
    ('UNVERIFIED', 'official: read in the official text')
    """
    words = GRADES[grade].of(language)
    return words if fully else words.partition("：" if language == "zh" else ":")[0]


def grade_meaning(grade: str, language: str) -> str:
    """Return a grade of evidence with its meaning in brackets.

    >>> grade_meaning("secondary", "en"), grade_meaning("secondary", "zh")
    ('secondary (known from a secondary source)', '二手来源（据二手资料）')
    """
    word, _, meaning = GRADES[grade].of(language).partition("：" if language == "zh" else ": ")
    return f"{word}（{meaning}）" if language == "zh" else f"{word} ({meaning})"
