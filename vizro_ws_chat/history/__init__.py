"""Conversations that the server keeps, so that readers find them again: what is kept, where, and how it gets there."""
