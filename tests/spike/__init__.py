"""A promotion day with a seed: what happens in it, what theory says of it, and what came out."""
