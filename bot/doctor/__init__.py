"""`doctor`: whether everything around the service is as it must be, with a remedy for each fault."""
