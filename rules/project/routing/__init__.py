"""Applications, routers, routes and their dependants, as FastAPI would make them."""
