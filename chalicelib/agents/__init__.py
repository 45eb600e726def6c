"""The pooled team: presence, capacity and load."""
