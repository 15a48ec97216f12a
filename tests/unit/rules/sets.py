"""What the tests of JobSet's own rules share: JobSets whose lines keep their numbers, and what one rule says."""

from __future__ import annotations

from typing import Any

from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source


def jobset(*jobs: str, metadata: str = "name: demo", spec: str = "# nothing") -> str:
    """Return a JobSet: its metadata on line 3, one field of its spec on line 5, each replicatedJob from line 7 on."""
    lines = "".join(f"  - {each}\n" for each in jobs or [job("name: workers")])
    return f"""\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {{{metadata}}}
spec:
  {spec}
  replicatedJobs:
{lines}"""


def job(fields: str, *, spec: str = "", pods: str = "", pod: str = "", container: str = "") -> str:
    """Return a replicatedJob in one line, with fields of its own, of its Job's spec, pod template, pod, container."""
    containers = f"[{{{_first(container)}name: main, image: 'registry.example.com/train:1.0'}}]"
    template = f"{{{_first(pods)}spec: {{{_first(pod)}containers: {containers}}}}}"
    return f"{{{fields}, template: {{spec: {{{_first(spec)}template: {template}}}}}}}"


def _first(fields: str) -> str:
    return f"{fields}, " if fields else ""


def together(*documents: str) -> str:
    """Return several documents as one file."""
    return "---\n".join(documents)


def said(code: str, text: str, **options: Any) -> list[str]:
    """Return what a compile says under a code, each as `line:column: message`, and its hint on a second line."""
    found = compile([Source(name="set.yaml", content=text.encode())], Settings(**options)).diagnostics
    return [
        f"{item.line}:{item.column}: {item.message}" + (f"\nhint: {item.hint}" if item.hint else "")
        for item in found
        if item.code == code
    ]
