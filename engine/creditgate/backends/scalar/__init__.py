"""Generated Python: all rules of one event in one epoch as one exact function.

The way through: `lowering` turns expressions into terms, `folding` simplifies them, `dispatch`
sorts the rules by the enum fact they ask for, `placing` finds the block of every term, `emit` and
its companions write the blocks, `compile` ties it together.
"""
