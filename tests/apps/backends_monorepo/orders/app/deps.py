from app.models import Account


def get_account() -> Account:
    return Account(id=1, email="someone@example.com")
