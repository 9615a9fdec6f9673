"""Lay out the files of the image below /image; the build stage of the Dockerfile runs this.

The base of the image is mounted at /base. Its Python, wherever it is, becomes the one of a virtual
environment at /opt/airbook, into which pip has installed the packages.
"""

import os
import shutil
import subprocess
import sys
from compileall import compile_file
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from py_compile import PycInvalidationMode

BASE, IMAGE, SOURCE = Path("/base"), Path("/image"), Path("/source")
HOME = IMAGE / "opt/airbook"
PACKAGES = HOME / "lib/python3.11/site-packages"
USER = 10001

# Packages of packages that airbook never loads: invented examples for the documents of Litestar,
# its test client, Rich's colours for Click, objects for tables, schemas of Kafka, other databases,
# colours for programming languages; then what authors compile from and check types with.
UNUSED = (
    *("faker", "polyfactory", "httpx", "httpcore", "rich_click", "litestar/testing"),
    *("sqlalchemy/orm", "sqlalchemy/ext", "sqlalchemy/testing", "sqlalchemy/dialects/mssql"),
    *("sqlalchemy/dialects/mysql", "sqlalchemy/dialects/oracle", "pygments/lexers/[!_]*"),
    *("confluent_kafka/schema_registry", "**/*.dist-info/sboms"),
    *("**/*.pyi", "**/*.pyx", "**/*.pxd", "**/*.c", "**/*.h", "**/*.proto", "**/*.scm", "bin"),
    *("**/*.dist-info/RECORD", "**/*.dist-info/INSTALLER", "**/*.dist-info/REQUESTED"),
    *("**/*.dist-info/direct_url.json", "**/__pycache__"),
)
# These were given the paths of the libraries that they bring along: strip would break them.
PATCHED = ("psycopg_binary", "confluent_kafka")
# Loaded by a function, and not by the import of a module.
ON_DEMAND = (
    *("concurrent.futures.thread", "encodings.idna", "http.server", "textual.drivers.linux_driver"),
    *("opentelemetry.exporter.otlp.proto.http.trace_exporter", "uvicorn.loops.uvloop"),
    *("uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.on", "confluent_kafka"),
    "typer._click.decorators",
    *("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "psycopg", "psycopg_pool"),
)
ELSEWHERE = "airbook.tui.web"  # the screens in a browser: the image has the gateway's page

SCRIPT = """\
#!/opt/airbook/bin/python
from airbook.cli.start import run

run()
"""


def lay_out() -> None:
    """Write everything that the image adds to its base."""
    shutil.copy2(PACKAGES / "bin/dumb-init", place("opt/airbook/bin/dumb-init"))
    for pattern in UNUSED:
        for path in sorted(PACKAGES.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    strip()
    python = make_environment()
    compile_modules(python)
    name_user()
    set_times()


def place(path: str) -> Path:
    """Return the path of a file of the image whose folder exists."""
    placed = IMAGE / path
    placed.parent.mkdir(parents=True, exist_ok=True)
    return placed


def write(path: str, text: str, mode: int = 0o644) -> None:
    """Write a file of the image."""
    placed = place(path)
    placed.write_text(text)
    placed.chmod(mode)


def strip() -> None:
    """Remove what only a debugger reads from compiled modules: 25 MB."""
    compiled = [
        path
        for path in PACKAGES.rglob("*.so")
        if path.relative_to(PACKAGES).parts[0] not in PATCHED
    ]
    subprocess.run(["strip", "--strip-unneeded", "--", *compiled], check=True)


def make_environment() -> Path:
    """Write the virtual environment; return the folder of the base's Python."""
    folder = next(one for one in ("usr/local", "usr") if (BASE / one / "bin/python3.11").exists())
    write("opt/airbook/pyvenv.cfg", f"home = /{folder}/bin\nversion = 3.11\n")
    place("opt/airbook/bin/python").symlink_to(f"/{folder}/bin/python3.11")
    write("opt/airbook/bin/airbook", SCRIPT, 0o755)
    write("opt/airbook/bin/airbook-probe", (SOURCE / "docker/probe.py").read_text(), 0o755)
    return Path(folder)


def compile_modules(folder: Path) -> None:
    """Compile the modules that airbook loads, of the packages and of the standard library.

    A user who may not write the image would otherwise compile them anew at each start. The source
    is not compared with what is compiled, so that the times of the files do not matter.
    """
    sys.path.insert(0, str(PACKAGES))
    sys.dont_write_bytecode = True
    import airbook

    own = (module.name for module in walk_packages(airbook.__path__, "airbook."))
    for name in (*own, *ON_DEMAND):
        if name != ELSEWHERE and not name.endswith(".__main__"):
            import_module(name)
    built_with = Path(os.__file__).parent
    library = Path("/") / folder / "lib/python3.11"
    for source in sorted({Path(file) for file in map(file_of, sys.modules.values()) if file}):
        if source.is_relative_to(PACKAGES):
            compile_one(source, IMAGE)
        elif source.is_relative_to(built_with) and (BASE / folder / "lib/python3.11").exists():
            relative = library / source.relative_to(built_with)
            copied = place(str(relative).lstrip("/"))
            shutil.copy2(BASE / str(relative).lstrip("/"), copied)
            compile_one(copied, IMAGE)
            copied.unlink()


def file_of(module: object) -> str | None:
    """Return the file of a module that is written in Python."""
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) and file.endswith(".py") else None


def compile_one(source: Path, root: Path) -> None:
    """Compile a module whose file is at another place while the image is built."""
    compile_file(
        source,
        stripdir=str(root),
        prependdir="/",
        quiet=1,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )


def name_user() -> None:
    """Give the user of the image a name, and its folders for a store and for a backup of it."""
    for file, line in (
        ("etc/passwd", f"airbook:x:{USER}:{USER}:airbook:/data:/sbin/nologin\n"),
        ("etc/group", f"airbook:x:{USER}:\n"),
    ):
        before = (BASE / file).read_text() if (BASE / file).exists() else ""
        write(file, before + line)
    for folder in ("data", "backup"):
        Path("/home-of-store", folder).mkdir(parents=True, mode=0o700)


def set_times() -> None:
    """Give every file the same time, so that two builds have the same contents."""
    moment = int(os.environ["SOURCE_DATE_EPOCH"])
    for root in (IMAGE, Path("/home-of-store")):
        for path in (root, *root.rglob("*")):
            os.utime(path, (moment, moment), follow_symlinks=False)


lay_out()
