"""The ledger: usage entries and windows; it knows contacts by id only."""
