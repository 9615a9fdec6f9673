"""What a screen shares with the store and its user: queries, the subscription, keys and look."""
