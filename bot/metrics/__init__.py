"""Metrics: what workers measure is added up in Redis, and shown by the receiver for Prometheus."""
