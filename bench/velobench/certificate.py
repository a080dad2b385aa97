"""The certificate that all proxies show: one of P-256, as most sites have, signed by nobody but itself."""
import subprocess
from pathlib import Path

from velobench.trouble import Trouble


def make(folder):
    """Files with the key, the certificate, and both, in this folder; made once."""
    key, certificate, both = (Path(folder) / name for name in ("tls.key", "tls.crt", "tls.pem"))
    if not both.exists():
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                   "-keyout", str(key), "-out", str(certificate), "-days", "7", "-subj", "/CN=localhost",
                   "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            raise Trouble(f"no certificate can be made: {problem}") from None
        both.write_text(certificate.read_text() + key.read_text())
        for each in (key, certificate, both):
            each.chmod(0o644)
    return key, certificate, both
