def get_session():
    yield "catalogue"
