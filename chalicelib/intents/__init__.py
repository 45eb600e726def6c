"""What a message to a shop is about."""
