"""Pieces of a page: pure functions from domain models to escaped HTML, and two small components."""
