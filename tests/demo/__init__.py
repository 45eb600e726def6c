"""Replays every inquiry through the public API of the deployed stack, and proves the bill."""
