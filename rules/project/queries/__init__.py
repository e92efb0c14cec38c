"""Queries that a request repeats for each row of another one."""
