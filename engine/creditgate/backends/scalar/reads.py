"""Reading facts: a record that was not given reads as one of which every fact is missing."""

from __future__ import annotations

from creditgate.backends.scalar.emit import Emitter, Inline
from creditgate.backends.scalar.pieces import Piece, Strength
from creditgate.base.failures import InternalFailure
from creditgate.lowered.terms import Number, Op, Reading, Term


def plain_attribute(name: object) -> str:
    """Return the name of an attribute, which becomes source as it is."""
    if not isinstance(name, str) or not name.isidentifier():
        raise InternalFailure(f"{name!r} cannot be an attribute")
    return name


# A blank record is true like every record, and stands for one that is missing or none.
def _root(_emitter: Emitter, term: Term) -> Piece:
    return Piece(f"root.{plain_attribute(term.own)} or BLANK", Strength.OR)


def _record(emitter: Emitter, term: Term) -> Piece:
    holder = emitter.named(term.parts[0])
    return Piece(f"{holder.text}.{plain_attribute(term.own)} or BLANK", Strength.OR)


def _read(emitter: Emitter, term: Term) -> Piece:
    assert isinstance(term.own, Reading)
    holder = emitter.named(term.parts[0])
    text = f"{holder.text}.{plain_attribute(term.own.attribute)}"
    return Piece(text, number=term.number)


# A day that is not known is held as None by the caller, everything else unknown as MISSING.
def _as_of(_emitter: Emitter, _term: Term) -> Piece:
    return Piece("MISSING if as_of is None else as_of", Strength.CHOICE, number=Number())


def _claimed(_emitter: Emitter, term: Term) -> Piece:
    return Piece(f"{term.own!r} in claims", Strength.COMPARISON)


INLINE: dict[Op, Inline] = {
    Op.ROOT: _root,
    Op.RECORD: _record,
    Op.READ: _read,
    Op.AS_OF: _as_of,
    Op.CLAIMED: _claimed,
}
