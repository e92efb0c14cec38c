"""The picture of the architecture in the report's first section."""
