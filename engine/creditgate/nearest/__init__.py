"""What would have to change: the facts nearest to those given with which an order is approved."""
