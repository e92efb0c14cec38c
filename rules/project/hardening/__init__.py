"""Secrets in the source, cross-origin permissions, cookies, verified connections, debugging modes."""
