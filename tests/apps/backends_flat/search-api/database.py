class Session:
    pass


async def get_session() -> Session:
    return Session()
