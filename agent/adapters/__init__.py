"""Every vendor, and only here."""
