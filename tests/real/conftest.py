"""Tests that need more than `make test` installs are run by targets of their own."""

import os

collect_ignore = [] if os.environ.get("PORTEVOIX_TEST_REAL") == "bluesky" else ["test_bluesky.py"]
