"""The AWS platform: it knows nothing of customer service."""
