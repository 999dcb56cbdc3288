"""The grammar that titles need to stand in a Chinese sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from creditgate.backends.words.phrases import CHINESE

_SHORT: Final = 2
_PARTS: Final = frozenset("或且")
_STOPS: Final = frozenset("，；。：")
#: Ends of titles that name what somebody or something is.
_CLASSES: Final = (
    "标的", "证券", "股票", "债券", "成份股", "股份", "股东", "关联人", "投资者", "机构", "客户", "账户",
    "会员", "做市商", "交易商", "交易者",
)  # fmt: skip
#: Beginnings of clauses and of their opposites.
_OPPOSITES: Final = {
    "有": "没有", "已": "未", "被": "未被", "存在": "不存在", "符合": "不符合", "属于": "不属于",
    "处于": "不处于", "具备": "不具备", "持有": "未持有", "进入": "未进入", "约定": "未约定", "须": "无须",
    "停牌": "未停牌",
}  # fmt: skip
#: Verbs inside a clause of which it has one, and their opposites.
_INNER: Final = {
    "不存在": "", "不属": "", "不受": "", "没有": "",
    "已": "未", "存在": "不存在", "处于": "不处于", "受": "不受", "属": "不属",
}  # fmt: skip
#: What may be done, inside a title or at its beginning.
_ALLOWED: Final = ("可出借", "可用于", "可开展", "可经")
#: Beginnings of titles that are clauses, whatever they end with.
_CLAUSES: Final = (
    "已", "被", "有", "未", "无", "存在", "具备", "持有", "符合", "属于", "处于", "进入", "暂停", "停牌", "可",
    "须", "经", "由", "在", "按", "仅", "同时", "申请", "全市场", "当日",
)  # fmt: skip


class Chinese:
    """How titles, records and lists are put into a Chinese sentence."""

    id: Final = "zh"
    phrases: Final[Mapping[str, str]] = CHINESE
    brackets: Final = ("（", "）")

    def name(self, title: str) -> str:
        """Return a title as a noun; one that would break the sentence stands in quotes."""
        return f"“{title}”" if _STOPS & set(title) else title

    def definite(self, title: str) -> str:
        """Return a title as a noun; there is no article."""
        return self.name(title)

    def of_single(self, holder: str, title: str) -> str:
        """Return a fact of the one record of its kind; a long title speaks for itself."""
        return f"{holder}的{title}" if len(title) <= _SHORT else self.name(title)

    def of_judged(self, holder: str, title: str) -> str:
        """Return a fact of the one record of its kind, told from those of rows."""
        return f"所判断{holder}的{self.name(title)}"

    def of_record(self, record: str, title: str) -> str:
        """Return a fact of a record that has words of its own."""
        return f"{record}的{self.name(title)}"

    def record(self, holder: str) -> str:
        """Return the words for the one record of its kind."""
        return holder

    def statement(self, title: str, subject: str | None, single: bool, holds: bool) -> str:
        """Return a title that is true or false as a clause, or its opposite."""
        before = "" if subject is None or single else subject
        if _STOPS & set(title):
            return f"{before}{'属于' if holds else '不属于'}“{title}”情形"
        if is_class(title):
            return f"{subject or ''}{'为' if holds else '不是'}{title}"
        return f"{before}{title if holds else _denied(title)}"

    def existence(self, title: str, record: str | None, holds: bool) -> str:
        """Say that something is given, or that there is none."""
        before = "" if record is None else f"{record}"
        return f"{before}{'有' if holds else '没有'}{self.name(title)}"

    def pronoun(self, title: str) -> str:
        """Return the word for something just named."""
        del title
        return "其"

    def listed(self, items: Sequence[str]) -> str:
        """Join nouns."""
        return _listed(items, "和")

    def any_of(self, items: Sequence[str]) -> str:
        """Join values by `or`."""
        return _listed(items, "或")

    def all_of(self, items: Sequence[str]) -> str:
        """Join clauses by `and`."""
        if any(len(item) > 8 for item in items) and len(items) > 1:
            return "，".join(items[:-1]) + "，且" + items[-1]
        return _listed(items, "且")

    def alternatives(self, items: Sequence[str]) -> str:
        """Join clauses by `or`."""
        return "，或".join(items)

    def clause(self, title: str) -> str:
        """Return a title as a clause."""
        return title

    def member(self, title: str) -> str:
        """Return the title of an enum's member."""
        return f"“{title}”"


def is_class(title: str) -> bool:
    """Tell whether a title names what somebody or something is, rather than that something is so.

    >>> [is_class(title) for title in ("交易所融资标的", "被实施风险警示", "已质押", "会员股东")]
    [True, False, False, True]
    """
    if any(allowed in title for allowed in _ALLOWED):
        return False
    return title.endswith(_CLASSES) and not title.startswith(_CLAUSES)


def _denied(title: str) -> str:
    """Return the opposite of a clause.

    >>> [_denied(title) for title in ("已质押", "限售股可出借", "客户未按期追加担保物")]
    ['未质押', '限售股不得出借', '不属于“客户未按期追加担保物”情形']
    """
    if _PARTS & set(title):
        # An opposite at the beginning would leave the other part as it is.
        return f"不属于“{title}”情形"
    for allowed in _ALLOWED:
        if allowed in title:
            return title.replace(allowed, "不得" + allowed.removeprefix("可"))
    for start, opposite in _OPPOSITES.items():
        if title.startswith(start):
            return opposite + title.removeprefix(start)
    inner = [verb for verb in _INNER if verb in title[1:]]
    if len(inner) == 1 and title.count(inner[0]) == 1 and _INNER[inner[0]]:
        return title.replace(inner[0], _INNER[inner[0]])
    return f"不属于“{title}”情形"


def _listed(items: Sequence[str], word: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{'、'.join(items[:-1])}{word}{items[-1]}"
