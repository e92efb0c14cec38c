"""The REST operations, each module with its `ENDPOINTS`."""
