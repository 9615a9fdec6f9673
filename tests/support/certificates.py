"""Certificates for servers of the tests, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
LASTING = ("-days", "2")
PLACE = "subjectAltName=IP:127.0.0.1,DNS:localhost"


def certify(folder: Path) -> Path:
    """Write server.pem, the key and the certificate of a server on this machine, into a folder.

    Returns the path of the certificate of the authority that has signed it.
    """
    authority, signed = create_authority(folder, "authority"), folder / "signed.pem"
    request, key = folder / "request.pem", folder / "key.pem"
    named = ("-subj", "/CN=localhost", "-addext", PLACE)
    openssl("req", *KEY, "-keyout", key, "-out", request, *named)
    by = ("-CA", authority, "-CAkey", authority.with_suffix(".key"), "-CAcreateserial")
    openssl(
        "x509", "-req", "-in", request, "-out", signed, *by, *LASTING, "-copy_extensions", "copy"
    )
    (folder / "server.pem").write_text(key.read_text() + signed.read_text())
    return authority


def create_authority(folder: Path, name: str) -> Path:
    """Create an authority in a folder, with its key beside it; returns its certificate."""
    certificate = folder / f"{name}.pem"
    key = certificate.with_suffix(".key")
    openssl(
        "req", "-x509", *KEY, "-keyout", key, "-out", certificate, *LASTING, "-subj", f"/CN={name}"
    )
    return certificate


def openssl(*words: str | Path) -> None:
    subprocess.run(("openssl", *words), check=True, capture_output=True)
