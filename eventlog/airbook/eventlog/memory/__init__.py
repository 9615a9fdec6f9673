"""The log in memory, for tests, simulations and dry runs: nothing outlives the process."""
