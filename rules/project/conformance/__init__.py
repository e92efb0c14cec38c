"""The code held to the specifications that the repository keeps."""
