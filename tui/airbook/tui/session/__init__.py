"""The parts that all screens share: queries, the log watcher, keys, look, command line."""
