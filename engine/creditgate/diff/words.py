"""The words of a comparison in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from creditgate.domain.citation import Bilingual as B

TITLE: Final = B("What changes", "规则变更比较")
VERDICTS: Final[Mapping[str, B]] = {
    "equal": B("NO CHANGE OF MEANING", "含义未变"),
    "stricter": B("STRICTER", "收紧"),
    "looser": B("LOOSER", "放松"),
    "both": B("BOTH STRICTER AND LOOSER", "有收紧亦有放松"),
    "facts": B("OTHER FACTS", "所需事实不同"),
    "other": B("OTHERWISE", "有其他变化"),
    "not_decided": B("NOT DECIDED", "未能判定"),
}
MEANS: Final[Mapping[str, B]] = {
    "equal": B("every order is decided alike", "所有委托的判定结果均相同"),
    "stricter": B(
        "something that passed is stopped, and nothing that was stopped passes",
        "部分原可通过的将被阻止，原被阻止的均不放行",
    ),
    "looser": B(
        "something that was stopped passes, and nothing that passed is stopped",
        "部分原被阻止的将可通过，原可通过的均不阻止",
    ),
    "both": B(
        "something that passed is stopped, and something that was stopped passes",
        "部分原可通过的将被阻止，部分原被阻止的将可通过",
    ),
    "facts": B(
        "where all facts are known orders are decided alike; one side asks for other facts",
        "事实齐全时判定结果相同；两者所需的事实不同",
    ),
    "other": B(
        "no rule is stricter or looser; the scope, a figure or a determination is not the same",
        "没有规则收紧或放松；适用范围、计算指标或判定项有所不同",
    ),
    "not_decided": B("not everything could be answered", "部分问题未能得出答案"),
}
WHY: Final[Mapping[str, B]] = {
    "proved": B("proved for all orders", "对所有委托已证明"),
    "added": B("the rule is new", "新增规则"),
    "removed": B("the rule is gone", "规则已删除"),
    "effect": B("whether it rejects or only warns changes", "“拒绝”与“提示”之间有变化"),
    "scope": B("the rulebooks do not govern the same", "适用范围不同"),
    "formula": B("it is computed otherwise, or from other values", "计算方式或所用数值不同"),
    "cases": B("its cases are not the same", "判定情形不同"),
    "same_digest": B("the digests of both meanings are the same", "两者含义的摘要相同"),
    "vocabularies": B(
        "the vocabularies give `{about}` two meanings", "两侧词汇表对 `{about}` 的定义不同"
    ),
    "bounds": B(
        "`{about}` may be something else on one side; what it may be on both is compared",
        "两侧对 `{about}` 的取值范围不同；仅比较两侧共同的范围",
    ),
    "no_common_days": B("there is no day on which both govern", "两者没有共同适用的日期"),
    "time": B("no answer within the time limit; `--limit` gives more", "在时限内没有答案；可用 `--limit` 延长"),
    "within": B("the time for all questions was over; `--within` gives more", "总时限已到；可用 `--within` 延长"),
    "calendars": B("the calendar was asked too often", "日历查询次数过多"),
    "lists": B(
        "none with short lists; longer lists could not be ruled out",
        "短列表中没有；较长的列表无法排除",
    ),
    "not_encodable": B("not analysed: {about}", "未分析：{about}"),
    "disagrees": B(
        "the reference did not confirm the order that was found", "参考求值器未确认所找到的委托"
    ),
    "hidden": B(
        "no order was found that changes: other rules stop the same ones",
        "未找到结果改变的委托：其他规则同样阻止",
    ),
}  # fmt: skip
STATES: Final[Mapping[str, B]] = {
    "approved": B("approved", "通过"),
    "rejected": B("rejected", "拒绝"),
    "undecided": B("undecided", "无法判定"),
    "pending": B("pending", "期限未到"),
    "out_of_scope": B("out of scope", "不在适用范围"),
}
KINDS: Final[Mapping[str, B]] = {
    "rule": B("rule", "规则"),
    "parameter": B("parameter", "参数"),
    "table": B("table", "参数表"),
    "figure": B("figure", "计算指标"),
    "determination": B("determination", "判定项"),
    "instrument": B("legal text", "法规文本"),
    "citation": B("citation", "引用"),
    "header": B("header", "规则手册抬头"),
    "chapter": B("chapter", "章"),
    "vocabulary": B("vocabulary", "词汇表"),
    "calendar": B("calendar", "日历"),
    "governs": B("scope", "适用范围"),
}
WHAT: Final[Mapping[str, B]] = {
    "added": B("added", "新增"),
    "removed": B("removed", "删除"),
    "changed": B("changed", "修改"),
    "moved": B("moved", "移动"),
    "renamed": B("renamed", "改名"),
}
SORTS: Final[Mapping[str, B]] = {
    "words": B("words", "文字"),
    "source": B("source", "依据"),
    "days": B("days", "日期"),
    "value": B("value", "数值"),
    "condition": B("condition", "条件"),
    "name": B("name", "名称"),
    "other": B("other", "其他"),
}
SAY: Final[Mapping[str, B]] = {
    "before": B("Before", "变更前"),
    "after": B("After", "变更后"),
    "as_of": B("{0} as of {1}", "{0}，{1}"),
    "decisions": B("What is decided", "判定结果"),
    "rules": B("Rules that change", "有变化的规则"),
    "rule": B("Rule", "规则"),
    "comes_to": B("Comes to", "结论"),
    "why": B("Why", "说明"),
    "days": B("Days", "日期"),
    "from": B("from {0}", "自 {0} 起"),
    "between": B("{0} to {1}", "{0} 至 {1}"),
    "on": B("on {0}", "{0}"),
    "warns": B("a warning only", "仅提示"),
    "was_called": B("in the place of `{0}`", "取代 `{0}`"),
    "figures": B(
        "Computed otherwise, by the same cause or another: {0}",
        "因此或因其他原因，以下内容的计算结果不同：{0}",
    ),
    "asked": B(
        "Newly asked for; without it an order may be undecided: {0}",
        "新增所需事实，缺少时委托可能无法判定：{0}",
    ),
    "dropped": B("No longer asked for: {0}", "不再需要的事实：{0}"),
    "alike": B("Rules that are the same: {0}", "相同的规则：{0} 条"),
    "words_before": B("Before: {0}", "变更前：{0}"),
    "words_after": B("After: {0}", "变更后：{0}"),
    "stricter": B("{0}: orders that passed are stopped", "{0}：原可通过的将被阻止"),
    "looser": B("{0}: orders that were stopped pass", "{0}：原被阻止的将可通过"),
    "smallest": B(
        "The smallest order that is decided differently (no smaller quantity is):",
        "判定结果不同的最小委托（数量更小的均相同）：",
    ),
    "small": B("An order that is decided differently:", "判定结果不同的一笔委托："),
    "facts": B("Its facts, for `creditgate decide`", "该委托的事实，可用 `creditgate decide` 判定"),
    "met": B("{0}: only {1}", "{0}：仅 {1}"),
    "but": B("{0}: all but {1}", "{0}：除 {1} 外均受影响"),
    "open": B("; not settled: {0}", "；未能确定：{0}"),
    "text": B("What is written", "文本变化"),
    "no_text": B("Nothing is written otherwise.", "文本未变。"),
    "only_names": B(
        "Only names, places or the order changed in: {0}",
        "以下内容仅名称、位置或顺序改变：{0}",
    ),
    "renamed": B("{0} `{1}` is `{2}` now", "{0} `{1}` 改名为 `{2}`"),
    "moved": B("moved from {0} to {1}", "由 {0} 移至 {1}"),
    "where": B("Place", "位置"),
    "sort": B("Kind", "类别"),
    "impact": B("On the tape of orders", "对委托流水的影响"),
    "orders": B("{0} orders; {1} are decided differently", "共 {0} 笔委托；{1} 笔判定结果不同"),
    "none_changes": B("No order is decided differently.", "没有委托的判定结果改变。"),
    "by_rule": B("By rule", "按规则"),
    "by_account": B("By account", "按账户"),
    "stops": B("Newly stopped", "新被阻止"),
    "frees": B("No longer stopped", "不再阻止"),
    "account": B("Account", "账户"),
    "number": B("Orders", "笔数"),
    "decision": B("Decision", "判定结果"),
    "flips": B("Orders that change (the first {0})", "结果改变的委托（前 {0} 笔）"),
    "order": B("Order", "委托"),
    "row": B("Row", "行"),
    "action": B("Action", "业务类型"),
    "all_in": B("All of them are in {0}.", "全部见 {0}。"),
    "open_questions": B("What is not answered", "未能回答的问题"),
    "problems": B("What is wrong with the rulebooks", "规则手册的问题"),
    "why_matters": B("Why it matters: {0}", "影响：{0}"),
    "not_compared": B("Meanings were not compared.", "未比较含义。"),
    "unchanged": B("Rulebooks that are written alike: {0}", "文本相同的规则手册：{0} 个"),
    "cut": B("The rest is left out here: it is too long.", "篇幅过长，其余部分从略。"),
    "sign_off": B("Sign-off", "复核签署"),
    "reviewer": B("Reviewer", "复核人"),
    "date": B("Date", "日期"),
    "remarks": B("Remarks", "备注"),
    "decision_of_reviewer": B("Decision", "复核结论"),
    "accept": B("Accepted", "同意"),
    "reject": B("Rejected", "不同意"),
    "ask": B("Questions remain", "待澄清"),
    "and": B(", ", "、"),
    "colon": B(": ", "："),
    "semicolon": B("; ", "；"),
}
REASONS_WHY: Final[Mapping[str, B]] = {
    "CG9023": B("the text is compared, the meaning is not", "仅比较文本，未比较含义"),
    "CG9033": B("what it decides differently is not known", "无法得知判定结果有何不同"),
    "CG9034": B("there is no law of that day to compare with", "该日没有可供比较的规则"),
    "CG9035": B("what it decides differently is not known", "无法得知判定结果有何不同"),
    "CG9036": B("these orders say nothing about the change", "这些委托不能说明变更的影响"),
    "CG9037": B("what had not been answered is not shown", "尚未回答的部分未予显示"),
}


class Speech:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, *parts: object) -> str:
        """Return a phrase with its parts."""
        return SAY[key].of(self.language).format(*parts)

    def of(self, words: Mapping[str, B], key: str, **parts: str) -> str:
        """Return a word of a table, or the key where it has none."""
        found = words.get(key)
        return key if found is None else found.of(self.language).format(**parts)
