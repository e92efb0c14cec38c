"""Holds what the reviewer knows of real projects against what those say when they run."""
