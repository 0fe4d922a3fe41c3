"""The look of the desk."""
