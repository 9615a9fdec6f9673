"""The headless daemon: decides what waits, projects what is decided, and stops politely."""
