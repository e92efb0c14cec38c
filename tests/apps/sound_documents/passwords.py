import hashlib
import hmac
import os

ROUNDS = 600_000


class Passwords:
    def make(self, password: str) -> tuple[bytes, bytes]:
        salt = os.urandom(16)
        return salt, hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)

    def agree(self, password: str, salt: bytes, digest: bytes) -> bool:
        return hmac.compare_digest(hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS), digest)
