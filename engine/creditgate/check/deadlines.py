"""Deadlines of rules: a date is compared with the day judged, an instant with the moment."""

from __future__ import annotations

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.check import wording
from creditgate.check.environment import Scope
from creditgate.check.expressions import elaborate
from creditgate.check.phrases import tree_of
from creditgate.domain.dsl_types import (
    BOOLEAN,
    DATE,
    INSTANT,
    Date,
    Failed,
    Instant,
    Optional,
    Record,
    without_none,
)
from creditgate.domain.vocabulary import Event
from creditgate.ir.nodes import Apply, AsOf, Expr, Fact, Root
from creditgate.ir.rulebook import Deadline
from creditgate.load.located import Map
from creditgate.load.reading import text_at


def deadline_of(
    node: Map, event: Event | None, scope: Scope, collector: Collector
) -> Deadline | None:
    """Return the deadline of a rule on an event; None where it has none, or a wrong one."""
    written = node.get("due")
    if written is None:
        return None
    span = written.span
    if event is not None and event.rules_name is not None:
        collector.add(
            error(
                Code.DUE_ON_ORDERS,
                f"a rule on `{event.name}` has no deadline: what it judges is approved or refused "
                "at once",
                span,
                hint="take `due` away; a deadline belongs to an event that is judged day by day",
            )
        )
        return None
    found = tree_of(written, collector)
    if found is None:
        return None
    tree, context = found
    due, kind = elaborate(tree, scope, context)
    match kind:
        case Date():
            reached: Expr = AsOf(DATE)
        case Instant() if event is not None and event.timed_by is not None:
            entity, fact = event.timed_by
            reached = Fact(INSTANT, Root(Record(entity), entity), fact)
        case Instant():
            if event is not None:
                collector.add(
                    error(
                        Code.DUE_WITHOUT_TIME,
                        f"the deadline is an instant, but nothing says at which one `{event.name}` "
                        "is judged",
                        span,
                        hint="give a date, or declare `timed_by` for the event in the vocabulary",
                    )
                )
            return None
        case Failed():
            return None
        case Optional() if isinstance(without_none(kind), Date | Instant):
            context.add(wording.may_be_none(context.text(tree.place), context.span(tree.place)))
            return None
        case _:
            wanted = "a date or an instant"
            context.add(wording.wrong_type(wanted, kind, context.span(tree.place)))
            return None
    before = Apply(BOOLEAN, "less", (reached, due))
    return Deadline(due, before, text_at(node, "due"))
