"""Where the client's data goes: into SQL, pages, addresses, paths, code, answers and logs."""
