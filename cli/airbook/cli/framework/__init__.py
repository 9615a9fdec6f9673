"""The frame of every command: the command tree, its options, the session and completion."""
