"""A signed token for the lane that asks for one. All proxies get it then, so that all read requests of the same length."""
import base64
import json
import os
import subprocess
import time

VARIABLE = "BENCH_TOKEN"  # load.lua sends it
DAY_SECONDS = 24 * 3600


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True).stdout


def make(folder):
    """Makes a key, the public half of which goes to token-key.pem, and has the load generator send a token signed by it."""
    folder.mkdir(parents=True, exist_ok=True)
    private = folder / "token-key.private.pem"
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(private))
    openssl("pkey", "-in", str(private), "-pubout", "-out", str(folder / "token-key.pem"))
    head = {"alg": "RS256", "typ": "JWT"}
    claims = {"sub": "bench", "roles": ["reader"], "scope": "read write", "exp": int(time.time()) + DAY_SECONDS}
    text = b".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    signature = openssl("dgst", "-sha256", "-sign", str(private), data=text)
    os.environ[VARIABLE] = (text + b"." + encoded(signature)).decode()
