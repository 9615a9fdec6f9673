"""The page for people at /: my page, and the airplanes with their seats, in a browser."""
