"""What was lost is found again: deliveries, reviews, check runs, and all that a wiped Redis knew.

Nothing here writes to a pull request. What is missing is wanted again in the ledger, and a worker does it
under its lease as if a delivery had asked.
"""
