"""What checking an expression gives: its meaning and its type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from creditgate.check.context import Context
from creditgate.check.environment import Scope
from creditgate.check.paths import FAILURE
from creditgate.domain.dsl_types import FAILED, Type
from creditgate.ir.nodes import Expr
from creditgate.syntax.nodes import Tree

Typed: TypeAlias = tuple[Expr, Type]
Elaborate: TypeAlias = Callable[[Tree, Scope, Context, Type | None], Typed]
Condition: TypeAlias = Callable[[Tree, Scope, Context], Expr]
FAILED_TYPED: Final[Typed] = (FAILURE, FAILED)
