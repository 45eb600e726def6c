"""What Stripe holds: sending windows, and proving that nothing differs."""
