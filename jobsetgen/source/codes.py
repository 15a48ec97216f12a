"""What can be wrong with a file before anything in it is understood."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual, page

NOT_TEXT = Code(
    id="JSG001",
    title="not text",
    severity="error",
    since="0.1",
    source=page("YAML 1.2.2, 5.1 Character Set", "https://yaml.org/spec/1.2.2/#51-character-set"),
    doc="""The file is not UTF-8 or UTF-16, or has a control character that YAML does not allow.

    Save the file as UTF-8 without control characters.

    Error because no YAML parser accepts such a file.

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
    source=page("YAML 1.2.2", "https://yaml.org/spec/1.2.2/"),
    doc="""The text is not YAML.

    One broken document does not hide what is wrong in the other documents of the file.

    Error because no tool can read the document, and an output without it would be incomplete.

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
    source=page("YAML 1.2.2, 3.2.1.1 Nodes", "https://yaml.org/spec/1.2.2/#3211-nodes"),
    doc="""A mapping has the same key twice.

    kubectl silently keeps the last one, so what runs may not be what a reviewer has read.

    Error because the keys of a mapping are unique in YAML: tools refuse the document, or disagree
    about which value counts.

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
    source=page("YAML 1.2.2, 10.3 Core Schema", "https://yaml.org/spec/1.2.2/#103-core-schema"),
    doc="""A value has a YAML tag that Kubernetes tools do not know, or does not match its tag.

    Error because nothing between Git and the cluster acts on such a tag: where the document is
    accepted, the value is its plain text instead of what was intended.

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
    source=page("YAML 1.2.2, 7.1 Alias Nodes", "https://yaml.org/spec/1.2.2/#71-alias-nodes"),
    doc="""An alias refers to an anchor that is not defined before it, or the value of a merge key
    is not a mapping.

    Error because no tool can read such a document.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""The input exceeds a limit: 10 MB a file, 100 levels of nesting, or aliases that expand to
    far more values than the file contains. All projects of one compile may have 200 kB of project
    files, schemas and patches, and change 10,000 objects.

    The limits keep a hostile repository from exhausting the machine that compiles it. A text of a
    hundred characters counts as two values, and the files of one input share what is allowed.

    Error because the rest of such a file is not read, and an output without it would be incomplete.

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
    source=page("YAML 1.2.2, 10.2 JSON Schema", "https://yaml.org/spec/1.2.2/#102-json-schema"),
    doc="""A value or a key cannot be represented in JSON, and so not in the Kubernetes API:
    not-a-number, an infinity, or a key that is null, a list or a mapping.

    Error because it cannot be sent to any API server.

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
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A `# jobsetgen: ignore[...]` comment gives no reason, so it silences nothing.

    Whoever reads the file next needs to know why the warning does not matter here.

    Warning because the output is not affected: only the diagnostic that the comment should silence
    is still reported.

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

TEMPLATE = Code(
    id="JSG115",
    title="template",
    severity="error",
    since="0.1",
    source=page("Helm, helm template", "https://helm.sh/docs/helm/helm_template/"),
    doc="""The file or the folder is a template, such as a Helm chart, that has not been rendered.

    Render it first, and compile the result: `helm template CHART | jobsetgen build -`. It is
    reported once for a file, and once for a folder with a Chart.yaml and templates beside it. Text
    in quotes may contain `{{ … }}`, and so may objects of other kinds, if they are YAML.

    Error because the text that the template stands for is unknown: no cluster accepts it as it is.

    Bad (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata:
          name: train-{{ .Release.Name }}

    Good (file)::

        apiVersion: jobset.x-k8s.io/v1alpha2
        kind: JobSet
        metadata:
          name: train-demo
          annotations: {example.com/title: "{{ .Release.Name }}"}
    """,
)
