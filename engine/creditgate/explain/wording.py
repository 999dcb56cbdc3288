"""Citations, grades of evidence, distances from limits and what is missing, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from creditgate.domain.citation import Bilingual
from creditgate.explain.articles import article_words

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


def unknown_words(missing: tuple[str, ...], because: tuple[str, ...], language: str) -> str:
    """Return what is missing, to be set behind a statement; empty where nothing is.

    >>> unknown_words(("market.last_price",), (), "en")
    ': missing market.last_price'
    """
    zh = language == "zh"
    words = ""
    if missing:
        shown = list(missing[:_MOST_SHOWN])
        more = len(missing) - len(shown)
        if more:
            shown.append(f"另有{more}项" if zh else f"and {more} more")
        words = f"：缺少 {'、'.join(shown)}" if zh else f": missing {', '.join(shown)}"
    if because:
        semicolon = "；" if zh else "; "
        colon = "：" if zh else ": "
        words += (semicolon if words else colon) + semicolon.join(because)
    return words


def name_words(name: NameShown, language: str) -> str:
    """Return a parameter or table cell with its value, since when it holds, and its citation."""
    since = name.authority.since
    begun = ""
    if since is not None:
        begun = f"，自 {since} 起" if language == "zh" else f" since {since}"
    cited = authority_words(name.authority, name.authority.evidence, language)
    colon = "：" if language == "zh" else ": "
    return f"{name.name} = {name.value.words.of(language)}{begun}{colon}{cited}"


def distance_words(limit: Limit, language: str) -> str | None:
    """Return the distance in words; None where a distance means nothing."""
    if limit.side is None or limit.distance is None:
        return None
    if limit.distance.exact == "0":
        return _AT_THE_LIMIT.of(language)
    return _SIDES[limit.side].of(language).format(limit.distance.words.of(language))


def limit_words(limit: Limit, language: str) -> str:
    """Return a comparison with the values of both sides.

    Shape:   `order.price (12.46 CNY/share) >= reference_price (12.47 CNY/share)`
    """
    left, right = _side_words(limit.left, language), _side_words(limit.right, language)
    return f"{left} {limit.operator} {right}"


def _side_words(side: Side, language: str) -> str:
    words = side.value.words.of(language)
    constant = side.source in {words, side.value.exact, side.value.words.en}
    return words if constant or side.source.startswith("{") else f"{side.source} ({words})"
