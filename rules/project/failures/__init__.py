"""What can go wrong in a request: the exceptions that leave it, and who turns them into answers."""
