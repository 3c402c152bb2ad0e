"""Runs: the generator is driven, its output logged, the log read and replayed, the work cancelled.

Knows the protocol and nothing of transports, actions or Vizro: whoever starts a run passes a function that returns
an iterator.
"""
