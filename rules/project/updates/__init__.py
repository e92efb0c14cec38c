"""How routes change rows: which part of what the client sent reaches them."""
