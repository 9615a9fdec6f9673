"""Checking a store, and copying it to another."""
