"""The people who buy from one shop: what is held of them, found by exact values only, and who was erased."""
