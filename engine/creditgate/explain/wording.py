"""Citations, grades of evidence, distances from limits and what is missing, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from creditgate.backends.words.english import lowered
from creditgate.domain.citation import Bilingual
from creditgate.explain.articles import article_words
from creditgate.explain.missing_words import cause_words

if TYPE_CHECKING:
    from creditgate.explain.authorities import Authority
    from creditgate.explain.limits import Limit, Side
    from creditgate.explain.readings import NameShown

_MOST_SHOWN: Final = 12
_EVIDENCE: Final = {
    "official": Bilingual("official", "官方文本"),
    "reproduced": Bilingual("reproduced", "转载文本"),
    "secondary": Bilingual("secondary", "二手资料"),
    "unverified": Bilingual("unverified", "未经核实"),
}
_SIDES: Final = {
    "short": Bilingual("short by {}", "差{}"),
    "over": Bilingual("over by {}", "超出{}"),
    "off": Bilingual("off by {}", "相差{}"),
    "spare": Bilingual("{} to spare", "尚余{}"),
}
_AT_THE_LIMIT: Final = Bilingual("exactly at the limit", "恰在界限上")


def authority_words(authority: Authority, grade: str, language: str) -> str:
    """Return a citation with a grade of evidence.

    >>> from creditgate.explain.authorities import Authority
    >>> authority_words(Authority(None, None, None, "secondary", None, None), "secondary", "en")
    'no citation; evidence: secondary'
    """
    shown = _EVIDENCE[grade].of(language)
    place = _place(authority, language)
    return f"{place}；依据等级：{shown}" if language == "zh" else f"{place}; evidence: {shown}"


def _place(authority: Authority, language: str) -> str:
    if authority.title is None:
        return "无出处" if language == "zh" else "no citation"
    title, article = authority.title.of(language), authority.article
    return title if article is None else f"{title}{article_words(article, language)}"


def unknown_words(
    missing: tuple[str, ...], because: tuple[str, ...], language: str,
    titles: Mapping[str, Bilingual] | None = None,
) -> str:  # fmt: skip
    """Return what is missing, to be set behind a statement; empty where nothing is.

    A fact that has a title stands with its path, by which it is given.

    >>> unknown_words(("market.last_price",), (), "en")
    ': missing market.last_price'
    >>> titles = {"market.last_price": Bilingual("Last trade price", "最新成交价")}
    >>> unknown_words(("market.last_price",), (), "zh", titles)
    '：缺少 最新成交价（market.last_price）'
    """
    zh = language == "zh"
    words = ""
    if missing:
        shown = [_titled(path, titles or {}, language) for path in missing[:_MOST_SHOWN]]
        more = len(missing) - len(shown)
        if more:
            shown.append(f"另有{more}项" if zh else f"and {more} more")
        words = f"：缺少 {'、'.join(shown)}" if zh else f": missing {', '.join(shown)}"
    if because:
        semicolon = "；" if zh else "; "
        colon = "：" if zh else ": "
        causes = [cause_words(cause, language) for cause in because]
        words += (semicolon if words else colon) + semicolon.join(causes)
    return words


def _titled(path: str, titles: Mapping[str, Bilingual], language: str) -> str:
    title = titles.get(path)
    if title is None:
        return path
    plain = path.partition(" ")[0]
    return f"{title.zh}（{plain}）" if language == "zh" else f"{lowered(title.en)} ({plain})"


def name_words(name: NameShown, language: str, *, names: bool = False) -> str:
    """Return a parameter or table cell with its value, since when it holds, and its citation.

    With `names` it is called by its name in the language of rulebooks.
    """
    since = name.authority.since
    begun = ""
    if since is not None:
        begun = f"，自 {since} 起" if language == "zh" else f" since {since}"
    cited = authority_words(name.authority, name.authority.evidence, language)
    colon = "：" if language == "zh" else ": "
    if names:
        return f"{name.name} = {name.value.words.of(language)}{begun}{colon}{cited}"
    comma = "；" if language == "zh" else "; "
    said = f"{name.words.of(language)}{colon}{name.value.words.of(language)}{begun}"
    return f"{said}{comma}{cited}"


def distance_words(limit: Limit, language: str) -> str | None:
    """Return the distance in words; None where a distance means nothing."""
    if limit.side is None or limit.distance is None:
        return None
    if limit.distance.exact == "0":
        return _AT_THE_LIMIT.of(language)
    return _SIDES[limit.side].of(language).format(limit.distance.words.of(language))


def limit_words(limit: Limit, language: str, *, names: bool = False) -> str:
    """Return a comparison with the values of both sides, with `names` as a formula.

    Shape:   `the order's limit price (12.46 CNY/share) is at least the reference price (12.47
             CNY/share)`, or `order.price (12.46 CNY/share) >= reference_price (12.47 CNY/share)`
    """
    if not names:
        return limit.words.of(language)
    left, right = _side_words(limit.left, language), _side_words(limit.right, language)
    return f"{left} {limit.operator} {right}"


def _side_words(side: Side, language: str) -> str:
    words = side.value.words.of(language)
    constant = side.source in {words, side.value.exact, side.value.words.en}
    return words if constant or side.source.startswith("{") else f"{side.source} ({words})"
