"""Promotions that shops announce: the contract raised for the time, the price, and the agents it needs."""
