"""Overflow: contacts beyond their tenant's contract are held back, and let into the queue as the pool has room."""
