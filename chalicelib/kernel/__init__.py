"""Pure vocabulary that every capability shares: standard library only."""
