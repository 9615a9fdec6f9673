"""Tokens: what a program or a browser shows to the HTTP gateway to say who it is."""
