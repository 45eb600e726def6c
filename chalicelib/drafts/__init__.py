"""What lies beside a contact and is no part of it: what its holder is writing, and who else looks at it."""
