"""From bytes to an `ast` tree: limits, encodings, and syntax newer than the host's Python."""
