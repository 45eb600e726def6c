"""A pool as a discrete-event simulation, by our rank and by others' orders: `python -m tests.spike.simulate`."""
