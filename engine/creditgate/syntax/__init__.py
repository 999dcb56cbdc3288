"""Text of expressions: grammar, tree as written, parser, canonical form."""
