"""What breaks the layers: imports outwards, work in models, settings read everywhere."""
