"""Signed requests, in both directions: their signatures and the server that takes them in."""
