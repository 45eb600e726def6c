"""Which contact comes next: rank, eligibility, fair share."""
