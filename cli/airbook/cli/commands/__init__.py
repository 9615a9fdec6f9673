"""The commands, one module for each group; `framework.app` loads them by name."""
