"""Set up what all tests share."""

from hypothesis import settings

# The same examples in every run, and no verdict from the clock: a loaded machine is not a failing test.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")
