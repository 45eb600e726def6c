"""Incidents that a lead announces to shops, and so to their visitors."""
