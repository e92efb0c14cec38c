"""What people and Apps do on the local GitHub, with the events that follow."""
