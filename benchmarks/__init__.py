"""Measured comparisons: each figure beside a raw baseline of the same run."""
