"""Settings from `portevoix.toml`, the environment and `.env`; built by a function."""
