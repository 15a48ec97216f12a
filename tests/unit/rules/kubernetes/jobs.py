"""What the tests of Kubernetes' own rules share: Jobs whose lines keep their numbers, and what one rule says."""

from __future__ import annotations

from typing import Any

from jobsetgen.options.table import Settings
from jobsetgen.pipeline import compile
from jobsetgen.source.text import Source

_NOTHING = "# nothing"


def jobset(
    *,
    metadata: str = _NOTHING,
    spec: str = _NOTHING,
    template: str = _NOTHING,
    job: str = _NOTHING,
    pods: str = _NOTHING,
    pod: str = _NOTHING,
    setup: str = "name: setup",
    init: str = _NOTHING,
    main: str = "name: main",
    image: str = "image: registry.example.com/train:1.0",
    container: str = _NOTHING,
) -> str:
    """Return a JobSet of one replicatedJob; each part is one line, and what comes after it stays on its own.

    A part of several fields is written as `<<: {one: 1, two: 2}`.
    """
    return f"""\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata:
  name: demo
  {metadata}
spec:
  {spec}
  replicatedJobs:
  - name: workers
    template:
      metadata:
        {template}
      spec:
        {job}
        template:
          metadata:
            {pods}
          spec:
            {pod}
            initContainers:
            - {setup}
              image: registry.example.com/setup:1.0
              {init}
            containers:
            - {main}
              {image}
              {container}
"""


def plain(
    *,
    metadata: str = "name: prepare",
    job: str = _NOTHING,
    labels: str = "app: prepare",
    restart: str = "restartPolicy: Never",
    pod: str = _NOTHING,
) -> str:
    """Return a Job that a person wrote, in the same manner."""
    return f"""\
apiVersion: batch/v1
kind: Job
metadata:
  {metadata}
spec:
  {job}
  template:
    metadata:
      labels: {{{labels}}}
    spec:
      {restart}
      {pod}
      containers:
      - name: main
        image: registry.example.com/prepare:1.0
"""


def said(code: str, text: str, **options: Any) -> list[str]:
    """Return what the rule of a code says, each as `line:column: message`, and its hint on a second line."""
    found = compile([Source(name="job.yaml", content=text.encode())], Settings(**options)).diagnostics
    return [_text(item) for item in found if item.code == code]


def _text(item: Any) -> str:
    hint = f"\nhint: {item.hint}" if item.hint else ""
    return f"{item.line}:{item.column}: {item.message}{hint}"
