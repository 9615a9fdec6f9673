"""The OpenAPI document of the dialect, and the page to browse it."""
