"""The command line: parsing, printing, wording and exit codes; no rules and no SQL."""
