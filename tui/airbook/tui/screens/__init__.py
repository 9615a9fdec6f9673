"""The screens, and the program that shows them."""
