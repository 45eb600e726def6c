"""One Hypothesis profile for all: the same examples on every machine, and no clock in the verdict."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "duredesk",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("duredesk")


pytest_plugins = ["tests.moto_desk", "tests.leaks", "tests.pace"]
