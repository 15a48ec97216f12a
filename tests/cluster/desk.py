"""What stories of GitOps tools are told with: a cluster that has the tools, and a set that one of them applies."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.cluster import argocd, flux, kwok
from tests.cluster.control_plane import ControlPlane, control_plane
from tests.cluster.delivered import TEXT, Delivered
from tests.cluster.gitops import Tool
from tests.cluster.kubelet import Kubelet, kubelet
from tests.cluster.multislice import changed
from tests.cluster.side_by_side import Figures
from tests.cluster.watched import Json

REFUSED = "refused"  # the tag of an image that no Job may have
ARGOCD, SERVER_SIDE, FLUX = "argocd", "argocd-server-side", "flux"


@contextmanager
def tools(folder: Path) -> Iterator[ControlPlane]:
    """Run a cluster as our users have it, with both tools, for the length of a block."""
    with control_plane(folder, kwok=True, scheduler=True) as plane:
        kwok.add_nodes(plane, *(f"node-{index}" for index in range(8)))
        plane.start(*argocd.components(), *flux.components())
        for item in _policy():
            plane.client.create(item)
        yield plane


class Desk(NamedTuple):
    """What a story is told with."""

    plane: ControlPlane
    tool: Tool
    jobs: str
    folder: Path
    chance: random.Random
    figures: Figures

    @contextmanager
    def delivered(
        self, *changes: tuple[str, str], waits: bool = False, tag: str = "1", **settings: Any
    ) -> Iterator[tuple[Delivered, Kubelet]]:
        """Deliver the set, and let its watcher run. A tool that waits for its end says only then that it is synced."""
        text = changed(TEXT, changes)
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        it = Delivered(self.plane, self.tool, self.jobs, folder, text, **settings)
        it.deliver()
        try:
            with kubelet(it, folder) as watcher:
                it.see(tag=tag)
                if not waits:
                    it.see_synced()
                yield it, watcher
        finally:
            self.tool.abandon(it.id)


def tool_of(plane: ControlPlane, name: str) -> Tool:
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
