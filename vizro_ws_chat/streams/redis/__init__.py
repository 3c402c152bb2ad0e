"""Runs that any of several processes can read, stop and answer, by way of Redis Streams.

One process owns a run and generates its answer; it writes what it appends to the run's stream. Any other tails that
stream into a mirror, from which its connections read as from a log of their own. What readers say goes to the owner by
mail. An owner that is not heard of any more is succeeded by whoever notices first, who ends its runs.
"""
