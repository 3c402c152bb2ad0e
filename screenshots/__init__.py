"""A chat in each of its states, as pictures for the documentation and for the tests of accessibility.

`make screenshots` writes the pictures into `docs/images/`.
"""
