"""Compile the modules that airbook loads; `make` runs this after it has installed them.

Where PYTHONDONTWRITEBYTECODE is set, as in many containers, Python never stores what it compiles:
each command would compile anew all that it loads, and take two to three times as long.
"""

import compileall
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import airbook

# Textual and asyncio import these when a screen opens, and more of the standard library with them.
ON_A_SCREEN = ("concurrent.futures.thread", "textual.drivers.linux_driver")


def imported_packages() -> set[Path]:
    """Return the folders of the installed packages that are imported by now."""
    sites = [Path(folder) for folder in sys.path if folder.startswith(sys.prefix)]
    names = {name.partition(".")[0] for name in sys.modules}
    return {site / name for site in sites for name in names if (site / name).is_dir()}


def compile_modules() -> None:
    """Import all of airbook, which compiles what it imports, of the standard library too.

    The rest of the imported packages follows, because they import some modules only in a function.
    """
    for module in walk_packages(airbook.__path__, "airbook."):
        if not module.name.endswith(".__main__"):
            import_module(module.name)
    for name in ON_A_SCREEN:
        import_module(name)
    for package in imported_packages():
        compileall.compile_dir(package, quiet=1)


if __name__ == "__main__":
    compile_modules()
