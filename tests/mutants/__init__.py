"""Mutation test of the rules that money rests on: small mistakes are made in them, and a test must notice each."""
