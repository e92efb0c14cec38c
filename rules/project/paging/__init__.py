"""Lists that routes give, and what bounds their length."""
