"""Files that `import` cannot open, or cannot read to their end."""

from __future__ import annotations

import errno
import json
import os
import subprocess

import pytest

from airbook.application.text.terminal import shown
from tests.cli.conftest import Inside
from tests.cli.imports import KIM_AND_LEE, imported, requested
from tests.support.answers import refused
from tests.support.home import PATIENCE, Home

MISSING, FOLDER = "The file {} does not exist.", "{} is a folder, not a file."
UNOPENED = "The file {} cannot be read."
FILES = (
    ("nowhere", MISSING, "파일이 없습니다: {}"),
    ("", MISSING, "파일이 없습니다: {}"),
    ("a\nb", MISSING, "파일이 없습니다: {}"),
    ("\udcff", MISSING, "파일이 없습니다: {}"),
    ("file/inside", MISSING, "파일이 없습니다: {}"),
    ("folder", FOLDER, "파일이 아니라 폴더입니다: {}"),
    ("folder/.", FOLDER, "파일이 아니라 폴더입니다: {}"),
    ("a\0b", UNOPENED, "파일을 읽을 수 없습니다: {}"),
    ("x" * 5_000, UNOPENED, "파일을 읽을 수 없습니다: {}"),
)


@pytest.mark.parametrize(("file", "sentence", "korean"), FILES)
def test_a_file_that_cannot_be_opened_is_named_with_the_reason(
    inside: Inside, file: str, sentence: str, korean: str
):
    (inside.folder / "folder").mkdir()
    (inside.folder / "file").touch()
    quoted = shown(file)
    answer, told = inside("import", file), inside("import", file, "--lang", "ko")
    hint = "hint: airbook import --help"
    assert (answer.code, refused(answer)) == (2, [sentence.format(quoted), hint])
    assert (told.code, told.err.splitlines()[0]) == (2, korean.format(quoted))
    assert not inside.store.exists()


def test_a_file_that_cannot_be_read_further(home: Home):
    answer = home("import", "/proc/self/mem", "-o", "json")
    sentence = "The input cannot be read further. Lines taken before: 0."
    assert (answer.code, json.loads(answer.err)["error"]["message"]) == (1, sentence)


def test_the_lines_before_a_failing_read_are_kept(inside: Inside, monkeypatch: pytest.MonkeyPatch):
    read = os.read

    def fail_at_the_end(descriptor: int, size: int) -> bytes:
        """Fail as a damaged disk does, behind the two lines of the file."""
        if chunk := read(descriptor, size):
            return chunk
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "read", fail_at_the_end)
    answer = imported(inside, b"1,kim,a\n2,lee,b\n")
    assert answer[:3] == (
        1,
        "Imported: 2 accepted, 0 accepted before, 0 refused.\n",
        "The input cannot be read further. Lines taken before: 2.\nhint: airbook my-page --all\n",
    )
    assert requested(inside) == KIM_AND_LEE


def test_a_file_without_permission(home: Home):
    (home.folder / "secret").touch(mode=0)
    less = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    ran = subprocess.run(
        [*(less if os.geteuid() == 0 else []), *home.command("import", "secret")],
        env=home.environment,
        cwd=home.folder,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    sentence = b"The user who runs airbook may not read the file 'secret'."
    told = sentence + b"\nhint: airbook import --help\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, b"", told)


def test_a_closed_standard_input_asks_for_nothing(home: Home):
    command = " ".join(map(str, home.command("import", "-", "--json")))
    shell = ["sh", "-c", f"{command} <&-"]
    environment = home.environment
    ran = subprocess.run(shell, env=environment, capture_output=True, check=False, timeout=PATIENCE)
    told = b'{"accepted":0,"repeated":0,"refused":[]}\n'
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, told, b"")
