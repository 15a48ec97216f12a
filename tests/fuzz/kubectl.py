"""What kubectl reads in the output, in batches: the same data as we do."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jobsetgen.source.loader import load
from tests.fuzz.oracles import FoundError

PROGRAM = shutil.which("kubectl")
_LARGEST = 30_000
# Any object is read like this one's spec, whether or not kubectl knows its kind.
_HEAD = "apiVersion: fuzz.example.com/v1\nkind: Read\nmetadata: {name: read}\nspec:\n"


def is_read_alike(outputs: Sequence[str], folder: Path) -> bool:
    """Whether kubectl reads the documents of some outputs as we do."""
    documents = [each for output in outputs for each in output.split("\n---\n") if len(each) < _LARGEST]
    if not documents:
        return True
    ours = [document.data for text in documents for document in load("output.yaml", text.encode()).documents]
    return _canonical(_readings(documents, folder)) == _canonical(ours)


def refuse_other_readings(output: str, folder: Path) -> None:
    """Raise FoundError if kubectl reads an output otherwise than we do."""
    if not is_read_alike([output], folder):
        raise FoundError("kubectl reads other data", "build", output[:2000])


def _readings(documents: Sequence[str], folder: Path) -> list[Any] | None:
    """Return the data of documents as kubectl reads it, or None where it reads none."""
    path = folder / "read.yaml"
    path.write_text("---\n".join(_HEAD + _indented(each) for each in documents), encoding="utf-8")
    command = [str(PROGRAM), "patch", "--local", "-f", str(path), "-p", "{}", "--type", "merge", "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    path.unlink()
    if done.returncode:
        return None
    decoder, text, found = json.JSONDecoder(), done.stdout.strip(), []
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value["spec"])
        text = text[end:].lstrip()
    return found


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))


def _canonical(value: Any) -> str:
    """Return data as text in which a whole number has one form.

    kubectl prints one that int64 does not hold as the nearest float64, rounded to 17 digits.
    """
    return json.dumps(_whole(value), sort_keys=True)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        value = float(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
