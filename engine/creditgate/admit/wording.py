"""The wording of findings about overlays, with the citations of both sides."""

from __future__ import annotations

from datetime import date

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, Label, error
from creditgate.base.spans import Span
from creditgate.domain.citation import Source
from creditgate.ir.rulebook import FigureDefinition, FigureVersion, Rulebook


def cited(source: Source, rulebook: Rulebook) -> str:
    """Return a citation in words.

    The instrument's English title stands with the article where one is known.
    """
    if source.citation is None:
        return "no citation"
    instrument = rulebook.instruments.get(source.citation.instrument)
    title = source.citation.instrument if instrument is None else instrument.title.en
    article = f", article {source.citation.article}" if source.citation.article else ""
    return f"{title}{article} ({source.evidence})"


def not_allowed(message: str, span: Span, hint: str | None = None) -> Diagnostic:
    """Say that house rules may not do something at all."""
    return error(Code.OVERLAY_NOT_ALLOWED, message, span, hint=hint)


def too_early(name: str, span: Span) -> Diagnostic:
    """Say that a house value begins where the regulator has none, so that nothing was known."""
    message = f"`{name}` would have a value on days on which the regulator gives it none"
    hint = "begin with the regulator's first entry: what is read `at` an earlier date is unknown"
    return not_allowed(message, span, hint)


def looser_value(
    name: str, shown: tuple[str, str], spans: tuple[Span, Span], sources: tuple[Source, Source],
    rulebook: Rulebook,
) -> Diagnostic:  # fmt: skip
    """Say that a house value is looser than the regulator's."""
    house, regulator = shown
    return error(
        Code.OVERLAY_LOOSENS,
        f"`{name}` would be {house}, looser than {regulator}",
        spans[0],
        f"house: {cited(sources[0], rulebook)}",
        secondary=(Label(spans[1], f"regulator: {cited(sources[1], rulebook)}"),),
        hint="a house rulebook may only tighten; take the regulator's value or a stricter one",
    )


def overtaken(
    name: str, day: int, shown: tuple[str, str], spans: tuple[Span, Span],
    sources: tuple[Source, Source], rulebook: Rulebook,
) -> Diagnostic:  # fmt: skip
    """Say that the regulator became stricter than a standing house value."""
    house, regulator = shown
    return error(
        Code.OVERTAKEN,
        f"on {date.fromordinal(day)} the regulator's `{name}` becomes {regulator}, stricter than "
        f"the house value {house}",
        spans[0],
        f"house: {cited(sources[0], rulebook)}",
        secondary=(Label(spans[1], f"regulator: {cited(sources[1], rulebook)}"),),
        hint=f"add an entry from {date.fromordinal(day)}, or build on `base` in a figure",
    )


def not_settled(
    figure: FigureDefinition, version: FigureVersion, inherited: FigureDefinition, above: Rulebook
) -> Diagnostic:
    """Say that it could not be proved that a formula only tightens."""
    return _figure_finding(
        Code.OVERLAY_NOT_SETTLED,
        f"it is not settled that `{figure.name}` is never looser than what it replaces",
        figure, version, inherited, above,
    )  # fmt: skip


def loosens(
    figure: FigureDefinition, version: FigureVersion, inherited: FigureDefinition, above: Rulebook
) -> Diagnostic:
    """Say that a formula does not even build on what it replaces."""
    return _figure_finding(
        Code.OVERLAY_LOOSENS,
        f"`{figure.name}` does not build on `base`, so it may be looser than what it replaces",
        figure, version, inherited, above,
    )  # fmt: skip


def _figure_finding(
    code: Code, message: str, figure: FigureDefinition, version: FigureVersion,
    inherited: FigureDefinition, above: Rulebook,
) -> Diagnostic:  # fmt: skip
    way = "max(base, ...) or base + something never negative"
    if inherited.stricter == "lower":
        way = "min(base, ...) or base - something never negative"
    _, old = inherited.versions.entries[-1]
    return error(
        code,
        message,
        version.span,
        f"house: {cited(version.source, above)}",
        secondary=(Label(old.span, f"regulator: {cited(old.source, above)}"),),
        hint=f"`{figure.name}` is stricter when {inherited.stricter}: write {way}",
    )
