"""What every command line shares: the command tree, its options, the session and completion."""
