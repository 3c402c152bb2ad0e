"""Measures what a user of the guide's example notices, in a real Chromium and beside the peer, and servers under load.

`python -m benchmarks` runs everything and writes `RESULTS.md`; `python -m benchmarks stop burst` writes those two
sections again. `python -m benchmarks stop --quick` runs one benchmark with few rounds and only prints.
"""
