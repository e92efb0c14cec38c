"""How the project itself does things mostly, and what of it does otherwise."""
