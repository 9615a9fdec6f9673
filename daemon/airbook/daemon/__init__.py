"""The headless daemon: it decides pending reservations and keeps the views up to date."""
