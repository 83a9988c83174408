"""The pages served on loopback within the test, spoken to byte by byte: what no browser or client would send."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette

from tests.web.serving import PATIENCE
from web.serving import _config
from web.settings import Serve


DAY = timedelta(days=1)


class Wire(NamedTuple):
    """Where the pages are served."""

    port: int
    server: uvicorn.Server

    def open(self) -> socket.socket:
        """A connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def send(self, *parts: bytes) -> bytes:
        """Send bytes, and everything that is answered until the other side closes, or says no more for a while."""
        with self.open() as one:
            with suppress(ConnectionError):
                for part in parts:
                    one.sendall(part)
            return answered(one)

    def holds(self) -> int:
        """How many connections the server holds."""
        return len(self.server.server_state.connections)


def answered(one: socket.socket, seconds: float = 10.0) -> bytes:
    """What comes until the other side closes or resets the connection."""
    one.settimeout(seconds)
    said = b""
    with suppress(ConnectionResetError, TimeoutError):
        while part := one.recv(65536):
            said += part
    return said


@contextmanager
def wired(app: Starlette, serve: Serve | None = None, proxies: tuple[str, ...] = ()) -> Iterator[Wire]:
    """`app`, served as `datawash serve` does, by a thread of this process."""
    config = _config(app, serve or Serve(), proxies)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as at:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]}, daemon=True)
        thread.start()
        end = time.monotonic() + PATIENCE
        while not server.started:
            assert time.monotonic() < end
            time.sleep(0.005)
        yield Wire(at.getsockname()[1], server)
        server.should_exit = True
        server.force_exit = True
        thread.join(PATIENCE)


def make_certificate(certificate: Path, key: Path) -> None:
    """A certificate that its own key signed, for a day."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number(), now, now + DAY)
    certificate.write_bytes(made.sign(private, hashes.SHA256()).public_bytes(Encoding.PEM))
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
