"""A cluster with Argo CD and Flux, and what a story needs: one of the tools, and a set that it applies."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.cluster.harness import argocd, flux, kwok
from tests.cluster.harness.compiled_set import Json
from tests.cluster.harness.concurrent_stories import Figures
from tests.cluster.harness.control_plane import ControlPlane, control_plane
from tests.cluster.harness.gitops_set import TEXT, GitOpsSet
from tests.cluster.harness.gitops_tool import Tool
from tests.cluster.harness.multislice import changed
from tests.cluster.harness.watcher_kubelet import WatcherKubelet, run_watcher_pods

REFUSED = "refused"  # the tag of an image that no Job may have
ARGOCD, SERVER_SIDE, FLUX = "argocd", "argocd-server-side", "flux"


@contextmanager
def cluster_with_gitops_tools(folder: Path) -> Iterator[ControlPlane]:
    """Run a cluster as our users have it, with Argo CD and Flux, for the length of a block."""
    with control_plane(folder, kwok=True, scheduler=True) as plane:
        kwok.add_nodes(plane, *(f"node-{index}" for index in range(8)))
        plane.start(*argocd.components(), *flux.components())
        for item in _policy():
            plane.client.create(item)
        yield plane


class StoryContext(NamedTuple):
    """What a story needs: a cluster, a tool, who makes the Jobs, and where its files and figures go."""

    plane: ControlPlane
    tool: Tool
    jobs: str
    folder: Path
    chance: random.Random
    figures: Figures

    @contextmanager
    def deliver_set(
        self, *changes: tuple[str, str], waits: bool = False, tag: str = "1", **settings: Any
    ) -> Iterator[tuple[GitOpsSet, WatcherKubelet]]:
        """Let the tool apply the set, and run its watcher. A tool that waits for the end of the set is synced only then."""
        text = changed(TEXT, changes)
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        it = GitOpsSet(self.plane, self.tool, self.jobs, folder, text, **settings)
        it.deliver()
        try:
            with run_watcher_pods(it, folder) as watcher:
                it.wait_until_running(tag=tag)
                if not waits:
                    it.wait_until_synced()
                yield it, watcher
        finally:
            self.tool.abandon(it.id)


def tool_named(plane: ControlPlane, name: str) -> Tool:
    """Return one of the tools by its name."""
    return flux.Flux(plane) if name == FLUX else argocd.ArgoCD(plane, is_server_side=name == SERVER_SIDE)


def _policy() -> Iterator[Json]:
    """Yield what makes the API refuse Jobs with an image of one tag, as a team's policy does."""
    meta, kind = {"name": "images"}, "admissionregistration.k8s.io/v1"
    rule = {"apiGroups": ["batch"], "apiVersions": ["v1"], "resources": ["jobs"], "operations": ["CREATE", "UPDATE"]}
    refused = f"object.spec.template.spec.containers.exists(each, each.image.endsWith(':{REFUSED}'))"
    yield {
        "apiVersion": kind,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": meta,
        "spec": {"matchConstraints": {"resourceRules": [rule]}, "validations": [{"expression": f"!{refused}"}]},
    }
    binding = {"policyName": "images", "validationActions": ["Deny"]}
    yield {"apiVersion": kind, "kind": "ValidatingAdmissionPolicyBinding", "metadata": meta, "spec": binding}
