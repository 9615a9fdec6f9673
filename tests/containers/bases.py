"""The images that the Dockerfile stands on, made of Debian's packages where no registry answers."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.containers.engine import CACHE, Engine, NoEngineError

SUITE = "bookworm"
ARCHIVES = "var/cache/apt/archives"
BASE = "airbook-base:bookworm"
BUILD_BASE = "airbook-build-base:bookworm"
PULL_SECONDS = 20.0
OF_THE_IMAGE = (
    *("python3.11-minimal", "libpython3.11-stdlib", "tzdata", "netbase", "libgcc-s1"),
    "ca-certificates",
)
OF_THE_BUILD = ("dash", "coreutils", "findutils", "python3-pip-whl", "binutils")
LIBRARIES = "lib/*-linux-gnu*"  # one folder, which is named after the machine
# What only the build needs, what only maintainer scripts need, and what no process reads.
NOT_OF_THE_IMAGE = (
    *("bin", "sbin", "usr/sbin", "usr/bin/[!p]*", "usr/bin/perl*", "usr/lib/dpkg", "usr/libexec"),
    *("usr/share/man", "usr/share/locale", "usr/share/perl5", "usr/share/debconf", "usr/share/bug"),
    *("usr/share/ca-certificates", "usr/share/zoneinfo/right", "usr/share/zoneinfo/posix"),
    *("usr/share/info", "usr/share/lintian", "usr/share/pixmaps", "usr/share/python-wheels"),
    *("usr/lib/python3", "usr/lib/bfd-plugins", "usr/lib/compat-ld", "usr/lib/gold-ld"),
    *("usr/share/doc/*/[!c]*", "usr/share/doc/*/changelog*", "usr/share/gcc", "usr/share/gdb"),
    *(f"usr/lib/python3.11/{name}" for name in ("pydoc_data", "lib2to3", "idlelib", "test")),
    *("usr/lib/python3.11/distutils", "usr/lib/python3.11/lib-dynload/nis.*"),
    *(f"usr/{LIBRARIES}/{name}" for name in ("gconv", "perl*", "bfd-plugins", "ldscripts")),
    *(f"usr/{LIBRARIES}/{name}" for name in ("gprofng", "krb5")),
    *(
        f"{root}{LIBRARIES}/lib{name}*"
        for root in ("", "usr/")
        for name in (
            *("acl", "attr", "bfd", "ctf", "db-", "gmp", "gprofng", "jansson", "md.", "mvec"),
            *("opcodes", "pcre2", "selinux", "stdc++", "zstd", "c_malloc_debug", "memusage"),
            *("pcprofile", "tirpc", "nsl", "gssapi", "krb5", "k5crypto", "com_err", "keyutils"),
            *("sframe", "nss_hesiod", "thread_db"),
        )
    ),
)


def bases(engine: Engine) -> tuple[str, str]:
    """Return the base of the image and that of the build. Raises NoEngineError if there is none.

    The Dockerfile's own are used where they are or can be pulled.
    """
    own = named_in_dockerfile()
    made = (BASE, BUILD_BASE)
    for names in (own, made):
        if all(map(engine.has_image, names)):
            return names
    if all(pulls(engine, name) for name in own):
        return own
    make_bases(engine)
    return made


def named_in_dockerfile() -> tuple[str, str]:
    """Return the base and the base of the build that the Dockerfile names."""
    lines = Path("docker/Dockerfile").read_text().splitlines()
    given = dict(line.removeprefix("ARG ").split("=") for line in lines if "BASE=" in line)
    return given["BASE"], given["BUILD_BASE"]


def pulls(engine: Engine, name: str) -> bool:
    """Return whether a registry gives an image."""
    try:
        return engine.run("pull", name, check=False, seconds=PULL_SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def make_bases(engine: Engine) -> None:
    """Make both bases of Debian's packages, without running any of their scripts."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        root = Path(folder, "root")
        unpack(root, (*OF_THE_IMAGE, *OF_THE_BUILD))
        packages = [Package(deb) for deb in sorted((root / ARCHIVES).glob("*.deb"))]
        shutil.rmtree(root / "var/cache")
        finish_build_base(root)
        take_in(engine, root, BUILD_BASE)
        for pattern in NOT_OF_THE_IMAGE:
            for path in root.glob(pattern):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        for package in packages:
            package.list_in(root)
        take_in(engine, root, BASE)


class Package:
    """A package of Debian that was unpacked."""

    def __init__(self, deb: Path) -> None:
        """deb: its file."""
        fields = ["Package", "Version", "Architecture", "Maintainer"]
        self.fields = subprocess.check_output(["dpkg-deb", "--field", deb, *fields], text=True)
        self.name = deb.name.partition("_")[0]
        archive = subprocess.check_output(["dpkg-deb", "--fsys-tarfile", deb])
        with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
            self.paths = [one.name for one in opened if one.isfile() and "/doc/" not in one.name]

    def list_in(self, root: Path) -> None:
        """Record the package where scanners look for it, if the image still has a file of it."""
        if any((root / path).exists() for path in self.paths):
            listed = root / "var/lib/dpkg/status.d" / self.name
            listed.parent.mkdir(parents=True, exist_ok=True)
            listed.write_text(self.fields)


def unpack(root: Path, packages: Sequence[str]) -> None:
    """Unpack packages and what they depend on, from where this machine's apt takes its own."""
    mmdebstrap(
        *("--variant=extract", "--format=directory", "--skip=cleanup/apt/cache"),
        *(f"--include={','.join(packages)}", SUITE, str(root), *mirror()),
    )


def mmdebstrap(*words: str) -> None:
    """Unpack packages of Debian. Raises NoEngineError if they cannot be fetched."""
    program = shutil.which("mmdebstrap")
    if program is None:
        raise NoEngineError("no registry can be reached, and mmdebstrap is not installed")
    ran = subprocess.run([program, "--quiet", *words], check=False, capture_output=True, text=True)
    if ran.returncode:
        errors = [line for line in ran.stderr.splitlines() if line.startswith("E: ")]
        raise NoEngineError(f"mmdebstrap fails: {errors[0] if errors else ran.stderr.strip()}")


def mirror() -> Sequence[str]:
    """Return the address of the archive that apt uses; none leaves it to mmdebstrap."""
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    if not sources.exists():
        return ()
    lines = sources.read_text().splitlines()
    return [line.split()[1] for line in lines if line.startswith("URIs:")][:1]


def finish_build_base(root: Path) -> None:
    """Do what the scripts of the packages would have done: certificates, and pip."""
    certificates = sorted((root / "usr/share/ca-certificates/mozilla").glob("*.crt"))
    bundle = root / "etc/ssl/certs/ca-certificates.crt"
    bundle.write_bytes(b"".join(one.read_bytes() for one in certificates))
    packages = root / "usr/lib/python3/dist-packages"
    packages.mkdir(parents=True, exist_ok=True)
    for wheel in (root / "usr/share/python-wheels").glob("pip-*.whl"):
        unzip = [sys.executable, "-m", "zipfile", "-e", str(wheel), str(packages)]
        subprocess.run(unzip, check=True)


def take_in(engine: Engine, root: Path, name: str) -> None:
    """Give a folder to the engine as an image."""
    packed = ["tar", "--create", "--sort=name", "--mtime=@0", "--numeric-owner"]
    with subprocess.Popen([*packed, f"--directory={root}", "."], stdout=subprocess.PIPE) as tar:
        taken = subprocess.run(
            [engine.program, "import", "-", name],
            stdin=tar.stdout,
            check=False,
            capture_output=True,
            text=True,
        )
    if taken.returncode:
        raise NoEngineError(f"the engine does not take in {name}: {taken.stderr.strip()}")
