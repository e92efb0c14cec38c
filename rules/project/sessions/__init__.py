"""Database sessions on the request path: who opens, yields, closes, commits."""
