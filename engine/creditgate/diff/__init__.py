"""What changed between two rulebooks: in their text, in what they decide, on a tape of orders."""
