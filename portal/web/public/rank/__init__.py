"""Rankings: of a trade, of all trades, side by side and what-if."""
