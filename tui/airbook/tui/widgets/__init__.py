"""Widgets, each named after what one sees."""
