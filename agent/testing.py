"""Shipped fakes: they implement the ports and raise when misused."""
