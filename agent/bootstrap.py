"""The only wiring: settings in, ready objects out."""
