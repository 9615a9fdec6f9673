"""What all screens share: queries, the log watcher, keys, look, and the command line."""
