"""The pages of the desk and their parts: they read services and draw; they decide nothing."""
