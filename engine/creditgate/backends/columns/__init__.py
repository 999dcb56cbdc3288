"""Tables of orders: the rules of an epoch as one loop over columns."""
