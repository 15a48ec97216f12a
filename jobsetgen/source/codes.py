"""What can be wrong with a file before anything in it is understood."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import UNKNOWN

NOT_TEXT = Code(
    id="JSG001",
    title="not text",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""The file is not UTF-8 text, or holds a control character that YAML does not allow.

    Kubernetes tools read UTF-8. Save the file as UTF-8 without control characters.

    Bad (file)::

        kind: "a raw control character: \x01"

    Good (file)::

        {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {bell: "\\a"}}
    """,
)

SYNTAX = Code(
    id="JSG002",
    title="yaml syntax",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""The text is not YAML.

    One broken document does not hide what is wrong in the others of the file.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        data: {a: "b"

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data: {a: "b"}
    """,
)

DUPLICATE_KEY = Code(
    id="JSG003",
    title="duplicate key",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A mapping has the same key twice.

    kubectl silently keeps the last one, so what runs is not what a reviewer may have read.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          mode: fast
          mode: safe

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          mode: safe
    """,
)

UNKNOWN_TAG = Code(
    id="JSG004",
    title="unknown tag",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A value has a YAML tag that Kubernetes tools do not know, or does not fit its tag.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: !secret a}

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: !!str a}
    """,
)

ALIAS = Code(
    id="JSG005",
    title="alias",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""An alias names no anchor written before it, or a merge key is given something that is no mapping.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: *name

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: &name {name: a}
        data: *name
    """,
)

TOO_LARGE = Code(
    id="JSG006",
    title="too large",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""The input is larger or deeper than any manifest is: over 10 MB a file, over 100 levels, or aliases that
    multiply into far more than what is written.

    The limits keep a hostile repository from exhausting the machine that compiles it.

    Bad (file)::

        a: &a [x, x, x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
        e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
        f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: &a a, labels: {app: *a}}
    """,
)

BAD_VALUE = Code(
    id="JSG007",
    title="unreadable value",
    severity="error",
    since="0.1",
    source=UNKNOWN,
    doc="""A value or a key that JSON, and so the Kubernetes API, has no form for: not-a-number, an infinity, a key
    that is null, a list or a mapping.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data: {x: .nan}

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data: {x: ".nan"}
    """,
)

IGNORE_REASON = Code(
    id="JSG008",
    title="ignore without reason",
    severity="warning",
    since="0.1",
    source=UNKNOWN,
    doc="""A `# jobsetgen: ignore[...]` comment gives no reason, so it silences nothing.

    Whoever reads the file next needs to know why the warning does not matter here.

    Bad (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}  # jobsetgen: ignore[JSG501]

    Good (file)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}  # jobsetgen: ignore[JSG501] the image is pinned by the mirror
    """,
)
