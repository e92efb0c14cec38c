"""Measures the OpenAPI documents that are read off the source against those of the running applications."""
