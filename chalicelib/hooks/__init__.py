"""Webhooks of shops: who is told what, and what became of each telling."""
