"""Sound applications that handle tokens, secrets and the data of clients, written apart from the rules."""
