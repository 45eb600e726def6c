"""Reconcile, name every break, and close the month."""
