"""Admit an overlay over its base: house rules may only tighten what regulators say.

What the polarity walk (each use of a thing moves as its `stricter` says) and the local proof (the
new value is never looser than the old one) do not settle is refused, with both citations, unless a
certificate says that it was proved of these two meanings.
"""

from __future__ import annotations

from creditgate.admit.certificates import certifies
from creditgate.admit.histories import check_parameter, check_table
from creditgate.admit.local_proof import never_looser
from creditgate.admit.wording import loosens, not_allowed, not_settled
from creditgate.base.collector import Collector
from creditgate.check.rulebook import Checked
from creditgate.ir.bounds import Bounds
from creditgate.ir.nodes import Base, Expr, FigureUse
from creditgate.ir.rulebook import FigureDefinition, Rulebook
from creditgate.ir.walk import every

TIGHTENS = "tightens"


def admit(base: Checked, overlay: Checked, collector: Collector) -> None:
    """Report everything in a tightening overlay that loosens its base or may do so."""
    below, above = base.rulebook, overlay.rulebook
    if above.mode != TIGHTENS:
        return
    _check_header(below, above, overlay, collector)
    for name, parameter in above.parameters.items():
        inherited = below.parameters.get(name)
        if inherited is not None and parameter is not inherited:
            check_parameter(parameter, inherited, above, collector)
    for name, table in above.tables.items():
        old = below.tables.get(name)
        if old is not None and table is not old:
            check_table(table, old, above, collector)
    bounds = Bounds(above)
    unsettled = Collector()
    for name, figure in above.figures.items():
        old_figure = below.figures.get(name)
        if old_figure is not None and figure is not old_figure:
            _check_figure(figure, old_figure, above, bounds, collector, unsettled)
        elif old_figure is None and name in base.signatures:
            message = f"`{name}` is left by a base for the regulator to define"
            collector.add(not_allowed(message, figure.span))
    _check_rules(below, above, collector)
    if unsettled.diagnostics and not certifies(overlay.certificate, below, above):
        collector.extend(unsettled.diagnostics)


def _check_header(below: Rulebook, above: Rulebook, overlay: Checked, collector: Collector) -> None:
    span = overlay.header.span
    same = {
        "currency": (below.currency, above.currency),
        "time_zone": (below.time_zone, above.time_zone),
        "trading calendar": (below.trading_calendar, above.trading_calendar),
        "settlement calendar": (below.settlement_calendar, above.settlement_calendar),
    }
    for what, (old, new) in same.items():
        if old != new:
            message = f"house rules cannot change the {what} of the regulator ({old} to {new})"
            collector.add(not_allowed(message, span))
    if above.start < below.start:
        message = "house rules cannot begin before the rulebook below them"
        collector.add(not_allowed(message, span, "take `in_force` away, or begin later"))
    if overlay.header.governs:
        message = "house rules govern what the rulebook below them governs"
        collector.add(not_allowed(message, span, "take `governs` away; add a rule instead"))
    for name in overlay.header.instruments:
        inherited = below.instruments.get(name)
        if inherited is not None and inherited != above.instruments[name]:
            message = f"`{name}` already names a legal text of the rulebook below"
            collector.add(not_allowed(message, span, "give the house instrument another name"))
    if overlay.header.removed_rules:
        name, where = overlay.header.removed_rules[0]
        collector.add(not_allowed(f"house rules cannot remove the rule `{name}`", where))
    own = {n: t for n, t in above.recited.items() if t is not below.recited.get(n)}
    if own:
        message = "house rules do not cite for the regulator"
        collector.add(not_allowed(message, span, "take `cites` away"))


def _check_rules(below: Rulebook, above: Rulebook, collector: Collector) -> None:
    for name, rule in above.rules.items():
        inherited = below.rules.get(name)
        if inherited is not None and rule.origin != inherited.origin:
            message = f"house rules cannot replace the rule `{name}`"
            hint = "add a rule of your own beside it: both must be satisfied"
            collector.add(not_allowed(message, rule.span, hint))
    for name, item in above.determinations.items():
        old = below.determinations.get(name)
        if old is not None and item is not old:
            message = f"house rules cannot replace the determination `{name}`"
            collector.add(not_allowed(message, item.span))


def _check_figure(
    figure: FigureDefinition, inherited: FigureDefinition, above: Rulebook, bounds: Bounds,
    collector: Collector, unsettled: Collector,
) -> None:  # fmt: skip
    if inherited.stricter is None:
        message = f"`{figure.name}` does not say which way it is stricter, so it cannot be replaced"
        hint = "add a rule of your own beside the regulator's"
        collector.add(not_allowed(message, figure.span, hint))
        return
    if figure.stricter != inherited.stricter or figure.type != inherited.type:
        message = f"`{figure.name}` must keep its unit and its `stricter: {inherited.stricter}`"
        collector.add(not_allowed(message, figure.span))
        return
    for _, version in figure.versions.entries:
        if _reads_itself(figure, version.formula, above):
            continue
        known = bounds.knowing_base(figure)
        if not never_looser(version.formula, inherited.stricter, bounds, known):
            if any(isinstance(part, Base) for part in every(version.formula)):
                unsettled.add(not_settled(figure, version, inherited, above))
            else:
                unsettled.add(loosens(figure, version, inherited, above))


def _reads_itself(figure: FigureDefinition, formula: Expr, above: Rulebook) -> bool:
    """Tell whether a formula reads its own figure: a circle, reported elsewhere."""
    return figure.name in above.figures and any(
        isinstance(part, FigureUse) and part.name == figure.name for part in every(formula)
    )
