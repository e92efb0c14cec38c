"""GitHub over REST: the App's identity, our retry policy, and the endpoints that we use."""
