"""A certificate of the tests' own, and a Chromium that believes it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificate:
    """A certificate for `host` that nobody signed but itself."""

    host: str
    chain: Path
    key: Path
    fingerprint: str  # of its public key, as Chromium wants it

    @property
    def believed(self) -> list[str]:
        """The arguments by which Chromium finds the host on this machine, and believes this one certificate."""
        return [
            f"--host-resolver-rules=MAP {self.host} 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={self.fingerprint}",
        ]


def make(folder: Path, host: str) -> Certificate:
    """Write a certificate and its key into a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    hosts = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ip_address("127.0.0.1"))])
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(hosts, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding, serialization.PublicFormat.SubjectPublicKeyInfo
    (folder / "chain.pem").write_bytes(made.public_bytes(encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public = hashlib.sha256(key.public_key().public_bytes(encoding.DER, form)).digest()
    return Certificate(host, folder / "chain.pem", folder / "key.pem", base64.b64encode(public).decode())
