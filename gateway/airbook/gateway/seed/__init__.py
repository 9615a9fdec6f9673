"""The HTTP dialect of the original system: HAL, as Spring Data REST speaks it."""
