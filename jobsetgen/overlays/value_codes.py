"""What can be wrong with templates and values."""

from __future__ import annotations

from jobsetgen.diagnostics import Code
from jobsetgen.upstream import manual, page

TEMPLATE = Code(
    id="JSG714",
    title="invalid template",
    severity="error",
    since="0.1",
    source=page(
        "Jinja2, Template Designer Documentation",
        "https://jinja.palletsprojects.com/en/stable/templates/",
    ),
    doc="""A template cannot be rendered.

    Its syntax is wrong, it uses a value that is undefined, or something that templates cannot use:
    other templates, attributes that begin with an underscore, or more time, memory or text than a
    compile has for all templates.

    Error because the objects of the template would be missing, and a GitOps tool with pruning
    deletes what is missing.

    Bad (template)::

        {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ nmae }}"}}

    Good (template)::

        {apiVersion: v1, kind: ConfigMap, metadata: {name: "{{ name }}"}}
    """,
)
CHANGED_YAML = Code(
    id="JSG716",
    title="value changes yaml",
    severity="error",
    since="0.1",
    source=page("YAML 1.2.2, 7.3.3 Plain Style", "https://yaml.org/spec/1.2.2/#733-plain-style"),
    doc="""A value cannot be a part of the text that a template inserts it into.

    A `{{ … }}` that is a whole scalar is data, whatever its value. In an unquoted scalar with other
    text, a line break, `: ` or ` #` in the value would end the scalar; in any text, a list or a
    mapping has no form.

    Error because the value would change the structure of the object.

    Bad (template)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          note: see {{ note }}

    Good (template)::

        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
        data:
          note: "see {{ note }}"
    """,
)
CHANGED_NUMBER = Code(
    id="JSG728",
    title="changed number",
    severity="warning",
    since="0.1",
    source=page("YAML 1.2.2, Core Schema", "https://yaml.org/spec/1.2.2/#103-core-schema"),
    doc="""A number becomes part of a text in which it is not written as among the values.

    A value without quotes that looks like a number is one: 1.10 is 1.1, 1e3 is 1000, and 010 is 8.
    In an image tag or a name, that is another tag or name.

    Warning because the text may be meant to have the number as such.

    Bad (values)::

        name: 1.10

    Good (values)::

        name: "1.10"
    """,
)
UNEXPECTED_VALUE = Code(
    id="JSG718",
    title="unexpected value",
    severity="error",
    since="0.1",
    source=page(
        "JSON Schema 2020-12, Validation",
        "https://json-schema.org/draft/2020-12/json-schema-validation",
    ),
    doc="""The values for templates do not match the project's JSON Schema, `valuesSchema`.

    The values are validated once those of all bases, files and flags are merged. Defaults in the
    schema are not filled in.

    Error because the owner of the schema has ruled the value out: the templates are not written for
    it.

    Bad (values)::

        workers: many

    Good (values)::

        workers: 4
    """,
)
VALUES_SCHEMA = Code(
    id="JSG719",
    title="invalid values schema",
    severity="error",
    since="0.1",
    source=page(
        "JSON Schema 2020-12, Core", "https://json-schema.org/draft/2020-12/json-schema-core"
    ),
    doc="""The file that `valuesSchema` names is not a valid JSON Schema of Draft 2020-12, or refers
    to another file.

    Nothing is fetched: a `$ref` must lead to a place in the same file, such as `#/$defs/image`.
    Validation has a limited time, which a pattern with nested repetitions can exceed.

    Error because the values could not be validated.

    Bad (values schema)::

        {type: object, properties: {workers: {type: int}}}

    Good (values schema)::

        {type: object, properties: {workers: {type: integer}}}
    """,
)
UNUSED_VALUE = Code(
    id="JSG727",
    title="unused value",
    severity="warning",
    since="0.1",
    source=manual("docs/overlays.md", "Values and templates"),
    doc="""No template uses a value that the project, a file of values or `--set` gives.

    Most such keys are misspelt, and then the value of a base, or a default, stays in place. Values
    of a base are not reported: other overlays may use them. A value whose parts a template looks up
    by a variable, or goes through in a loop, counts as used with all of them.

    Warning because a template may be about to use it.

    Bad (values)::

        wrokers: 4

    Good (values)::

        workers: 4
    """,
)
