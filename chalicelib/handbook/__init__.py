"""How a shop wants to be answered: its rules, its canned answers, and what tells its voice from another's."""
