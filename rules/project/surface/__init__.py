"""The API's surface: what clients send and get, endpoint by endpoint."""
