"""The command line: parses, calls, prints; wording and exit codes live here."""
