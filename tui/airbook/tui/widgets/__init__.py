"""The widgets, each named after what is visible of it."""
