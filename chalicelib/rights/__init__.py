"""What people and shops may demand of what we hold: a copy, erasure with a certificate, and its time limits."""
