"""The keys and certificates of one control plane, made new for each: they live for a day, in a temporary folder."""

from __future__ import annotations

import base64
import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# The last two are where pods of a real node find the server: the Service's address and the bridge's.
ADDRESSES = ("127.0.0.1", "10.96.0.1", "10.244.0.1")
NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
_DAY = timedelta(days=1)


class Certificates:
    """Files in a folder: `ca`, `server` and `admin` (each .crt and .key), `service-account.key` and `.pub`.

    The folder also serves as a webhook's certDir, which asks for tls.crt and tls.key.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._authority_key = ec.generate_private_key(ec.SECP256R1())
        self._authority = self._make_authority()
        self._write("ca", self._authority_key, self._authority)
        self.issue("server", "kube-apiserver")
        # The group that Kubernetes binds to cluster-admin by itself.
        self.issue("admin", "admin", group="system:masters")
        for suffix in ("crt", "key"):
            (folder / f"tls.{suffix}").write_bytes(self.path(f"server.{suffix}").read_bytes())
        self._write_service_account_key()

    def path(self, name: str) -> Path:
        """Return the file of a name."""
        return self.folder / name

    def base64(self, name: str) -> str:
        """Return the content of a file as an API object carries it."""
        return base64.b64encode(self.path(name).read_bytes()).decode()

    def issue(self, name: str, user: str, group: str = "") -> None:
        """Write a key and a certificate, by which a client is the user and a server the addresses here."""
        key = ec.generate_private_key(ec.SECP256R1())
        attributes = [x509.NameAttribute(NameOID.COMMON_NAME, user)]
        if group:
            attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = (
            _builder(x509.Name(attributes), self._authority.subject, key)
            .add_extension(x509.SubjectAlternativeName(_alternatives()), critical=False)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        )
        self._write(name, key, builder.sign(self._authority_key, hashes.SHA256()))

    def _make_authority(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "jobsetgen tests")])
        builder = _builder(name, name, self._authority_key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        return builder.sign(self._authority_key, hashes.SHA256())

    def _write(self, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self.path(f"{name}.key").write_bytes(_private(key))
        self.path(f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _write_service_account_key(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.path("service-account.key").write_bytes(_private(key))
        self.path("service-account.pub").write_bytes(public)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)  # clocks differ
        .not_valid_after(now + _DAY)
    )


def _alternatives() -> list[x509.GeneralName]:
    addresses = [x509.IPAddress(ipaddress.ip_address(each)) for each in ADDRESSES]
    return [*addresses, *(x509.DNSName(each) for each in NAMES)]


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
