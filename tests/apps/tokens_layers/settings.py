import os
import secrets

KEY = os.environ.get("KEY") or secrets.token_urlsafe(48)
REFRESH_KEY = os.environ.get("REFRESH_KEY") or secrets.token_urlsafe(48)
MINUTES = 15
