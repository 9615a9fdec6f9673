"""The nouns, the approval policy, and the one log that keeps every event."""
