"""Kafka: the relay publishes the events of the log, the intake takes commands from a topic."""
