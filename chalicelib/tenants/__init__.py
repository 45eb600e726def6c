"""The shops that buy the service: contract, persona, opening hours, price."""
