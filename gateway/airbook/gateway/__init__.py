"""The HTTP gateway: requests of programs and browsers become commands and queries."""
