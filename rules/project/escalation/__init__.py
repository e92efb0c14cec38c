"""What a person should decide: isolation against what endpoints are for, and against speed."""
