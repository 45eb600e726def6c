"""Plans, and what usage costs under them: rules only."""
