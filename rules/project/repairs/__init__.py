"""Edits that put into a handler what protects its rows: the owner, the caller, the filter."""
