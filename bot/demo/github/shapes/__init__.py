"""Records as GitHub's JSON."""
