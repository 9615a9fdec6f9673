"""The HTTP dialect of airbook itself: plain JSON, conditional requests and a stream of events."""
