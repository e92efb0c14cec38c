"""Faults in what routes answer, put into the sound applications by operators that were fixed first."""
