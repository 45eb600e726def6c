"""What stands beside a conversation: its customer's other ones, its files, and how it was rated."""
