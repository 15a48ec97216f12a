"""Container images made without a container engine: a layer from files of this machine, and what describes it."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import re
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_LEFT_OUT = (
    "site-packages",
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "turtledemo",
    "ensurepip",
    "lib2to3",
    "__pycache__",
)
_LIBRARY = re.compile(r"(?:=> )?(/\S+) \(0x")


def write_image(
    path: Path, name: str, files: Mapping[str, Path], *, entrypoint: str, links: Mapping[str, str] | None = None
) -> None:
    """Write an image of one layer: files by the place where they come, links, and what is run where a pod says nothing.

    Everything may be read and run by everybody, whatever it may be on this machine.
    """
    layer = _layer(files, links or {})
    config = _json({
        "architecture": _ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": {"Entrypoint": [entrypoint], "Env": ["PATH=/usr/bin:/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
    })  # fmt: skip
    manifest = _json([{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}])
    with tarfile.open(path, "w") as image:
        for member, content in (("config.json", config), ("layer.tar", layer), ("manifest.json", manifest)):
            _add(image, member, content)


def python_files() -> dict[str, Path]:
    """Return the Python that runs the tests, as files of an image at the same places, with the libraries it needs."""
    program, library = Path(sys.executable).resolve(), Path(sysconfig.get_path("stdlib"))
    modules = [each for each in library.rglob("*") if each.is_file() and not _is_left_out(each.relative_to(library))]
    extensions = [each for each in modules if each.suffix == ".so"]
    files = [program, *modules, *_libraries([program, *extensions])]
    return {str(each): each for each in files}


def _is_left_out(path: Path) -> bool:
    return any(part in _LEFT_OUT or part.startswith("config-") for part in path.parts)


def _libraries(programs: Sequence[Path]) -> Iterator[Path]:
    found: set[str] = set()
    for each in programs:
        done = subprocess.run(["ldd", str(each)], capture_output=True, text=True, check=False)
        found |= set(_LIBRARY.findall(done.stdout))
    yield from (Path(each) for each in sorted(found))


def _layer(files: Mapping[str, Path], links: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as layer:
        parents = {str(parent) for each in (*files, *links) for parent in Path(each).parents}
        for folder in (*sorted(parents - {"/"}), "/tmp"):
            member = tarfile.TarInfo(folder.lstrip("/"))
            member.type, member.mode = tarfile.DIRTYPE, 0o755
            layer.addfile(member)
        for place, path in sorted(files.items()):
            _add(layer, place.lstrip("/"), path.read_bytes())  # of a link, what it leads to
        for place, target in sorted(links.items()):
            member = tarfile.TarInfo(place.lstrip("/"))
            member.type, member.linkname = tarfile.SYMTYPE, target
            layer.addfile(member)
    return stream.getvalue()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o755
    archive.addfile(member, io.BytesIO(content))


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
