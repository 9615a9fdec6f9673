"""The application: commands, queries and settings for every front."""
