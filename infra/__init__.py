"""Builds, deploys and runs the one stack, on a laptop and on AWS alike."""
