"""The log in one SQLite file: its connections, its tables, and waking those who follow it."""
