"""What routes answer: values, their types, statuses and errors."""
