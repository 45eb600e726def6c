"""The HTTP edge: routes with policies, typed bodies, and domain errors as statuses."""
