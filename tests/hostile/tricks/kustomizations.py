"""Folders of kustomize and of Helm: nothing is fetched, and no plugin runs."""

from __future__ import annotations

from tests.hostile.place import Place, Trick
from tests.hostile.tricks.git import hack


def _kustomization(text: str) -> Trick:
    def make(place: Place) -> None:
        place.without_project()
        place.write("app/kustomization.yaml", text.replace("TOP", str(place.top)))
        hack(place, "app/exec.sh")
        plugin = "apiVersion: example.com/v1\nkind: Hacked\nmetadata:\n  name: hacked\n  annotations:\n"
        plugin += "    config.kubernetes.io/function: |\n      exec: {path: ./exec.sh}\n"
        place.write("app/plugin.yaml", plugin)

    return make


def _circle(place: Place) -> None:
    place.without_project()
    place.write("app/kustomization.yaml", "resources: [a, a, a, a, a]\nnamePrefix: x\n")
    for number in range(30):
        step = "app/" + "a/" * (number % 3 + 1)
        place.write(f"{step}kustomization.yaml", "resources: [../a, ., .., a, a, a]\nnamePrefix: x\n")


def _chart(place: Place) -> None:
    place.without_project()
    place.write(
        "app/Chart.yaml",
        "apiVersion: v2\nname: a\nversion: 0.1.0\ndependencies: [{name: b, repository: 'file:///etc'}]\n",
    )
    place.write("app/templates/set.yaml", '{{ .Files.Get "/etc/passwd" }}{{ env "HOME" }}\n')


_PREFIX = "namePrefix: dev-\n"
_TEXTS = {
    "a base of somebody": f"resources: [jobset.yaml, 'https://example.com/a.yaml', 'ext::sh -c true']\n{_PREFIX}",
    "a base beside": f"resources: [../../outside, ../../outside/secret.yaml, /etc]\n{_PREFIX}",
    "a plugin": "resources: [jobset.yaml]\ngenerators: [plugin.yaml]\ntransformers: [plugin.yaml]\n",
    "a patch beside": "resources: [jobset.yaml]\npatches: [{path: ../../outside/secret.yaml}]\n",
    "files beside": "resources: [jobset.yaml]\nsecretGenerator: [{name: a, files: [/etc/passwd], envs: [TOP/home/.netrc]}]\n",
    "a chart of somebody": "helmCharts: [{name: a, repo: 'https://example.com'}]\nresources: [jobset.yaml]\n",
    "aliases": "resources: &a [jobset.yaml]\nbases: *a\nx: &x [*a, *a, *a]\ny: [*x, *x, *x]\nnamePrefix: z\n",
    "itself": f"resources: [., ./, ../app, ../app/../app]\n{_PREFIX}",
    "no mapping": "- a\n",
    "names that are none": "resources: [1, null, {a: b}, [jobset.yaml], jobset.yaml]\nnamePrefix: x\n",
    "no YAML": "resources: [\n",
}

TRICKS: dict[str, Trick] = {
    **{f"a kustomization with {what}": _kustomization(text) for what, text in _TEXTS.items()},
    "kustomizations in a circle": _circle,
    "a chart": _chart,
}
