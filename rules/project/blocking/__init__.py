"""Synchronous calls that hold the event loop."""
