"""One file a channel, each behind the `Channel` port."""
