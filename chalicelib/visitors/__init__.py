"""Visitors of shops' pages: widget keys, and the one conversation that a visitor may see."""
