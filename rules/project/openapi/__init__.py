"""The OpenAPI document that FastAPI would make of an application, read off its source."""
