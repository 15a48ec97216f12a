"""What can be wrong with the patches of a project."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual

INVALID_PATCH = Code(
    id="JSG712",
    title="invalid patch",
    severity="error",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A patch cannot be applied: it has an unknown directive, an item without its merge key, an
    operation on a path that does not exist, or changes the name or the kind of an object.

    An entry of `patches` has either `path` or `patch`. A mapping is a strategic merge patch, a list
    is a JSON patch (RFC 6902), which needs a `target`.

    Error because the output would lack what the patch is there for.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        patches:
        - patch: [{op: remove, path: /spec/suspend}]

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        patches:
        - patch: [{op: add, path: /spec/suspend, value: true}]
          target: {kind: JobSet}
    """,
)

NO_PATCHED_OBJECT = Code(
    id="JSG713",
    title="patch without object",
    severity="error",
    since="0.1",
    source=manual("docs/project.md", "jobsetgen.yaml"),
    doc="""A patch matches no object, or its name stands for several in different namespaces.

    A patch without `target` changes the object with its group, kind and name, and with its
    namespace if it has one. Names are those that the objects have in this project: a prefix that a
    base adds is part of them.

    Error because the output would lack what the patch is there for.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        patches:
        - patch:
            apiVersion: jobset.x-k8s.io/v1alpha2
            kind: JobSet
            metadata: {name: dmeo}
            spec: {suspend: true}

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        patches:
        - patch:
            apiVersion: jobset.x-k8s.io/v1alpha2
            kind: JobSet
            metadata: {name: demo}
            spec: {suspend: true}
    """,
)

PATCH_EXPRESSION = Code(
    id="JSG731",
    title="expression in patch",
    severity="warning",
    since="0.1",
    source=manual("docs/overlays.md", "Bases and overlays"),
    doc="""A patch has a `{{ … }}` in a string. Patches are not templates, so it stays as it is.

    Only resources named \\*.yaml.j2 are filled with values. To change what a template yields in an
    overlay, set another value there.

    Warning because the braces may be meant for a program in the pods or another tool.

    Bad (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        patches:
        - target: {kind: JobSet}
          patch: {metadata: {annotations: {example.com/team: "{{ team }}"}}}

    Good (project)::

        apiVersion: jobsetgen.io/v1alpha1
        kind: JobSetGenerator
        patches:
        - target: {kind: JobSet}
          patch: {metadata: {annotations: {example.com/team: research}}}
    """,
)
