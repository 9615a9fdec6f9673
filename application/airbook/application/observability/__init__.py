"""Health, figures and traces, for the daemon and the gateway alike."""
