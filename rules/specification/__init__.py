"""Specifications that a repository keeps, read into facts: nothing here knows of the code beside them."""
