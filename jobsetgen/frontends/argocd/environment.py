"""The environment variables that Argo CD passes to the plugin."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from jobsetgen.diagnostics import Place
from jobsetgen.kubernetes.versions import VERSIONS
from jobsetgen.project.layer import Layer, chosen_layer

NAMESPACE = "ARGOCD_APP_NAMESPACE"
"""The variable that names the destination's namespace."""

PARAMETERS = "ARGOCD_APP_PARAMETERS"
"""The variable with the parameters of the Application's spec, as JSON."""

SOURCE_PATH = "ARGOCD_APP_SOURCE_PATH"
"""The variable with the path of the application in its repository."""

VERSION = "KUBE_VERSION"
_MINOR = r"v?(\d{1,4})\.(\d{1,4})"


class Application(NamedTuple):
    """The application as described by the environment; `variables` are those of the process."""

    variables: Mapping[str, str]

    @property
    def parameters(self) -> str:
        """The parameters of the Application's spec as JSON, or an empty string."""
        return self.variables.get(PARAMETERS, "")

    def destination(self) -> tuple[Layer, ...]:
        """Return the destination's namespace as a layer, or nothing if it is unknown."""
        namespace = self.variables.get(NAMESPACE)
        return (chosen_layer(Place(NAMESPACE), {"namespace": namespace}),) if namespace else ()

    def root_of(self, folder: str) -> str:
        """Return the root of what Argo CD has handed over, of which a folder is the application's.

        That is the whole repository or, with manifest-generate-paths, the part of it that the
        application needs. So the folder may end with only the last steps of the source path.
        """
        root = PurePosixPath(folder)
        path = posixpath.normpath(self.variables.get(SOURCE_PATH) or ".")
        for step in reversed(PurePosixPath(path).parts):
            if step != root.name:
                break
            root = root.parent
        return str(root)

    def version(self) -> str:
        """Return the supported version nearest to the destination's, or an empty string."""
        found = re.match(_MINOR, self.variables.get(VERSION, ""))
        if found is None:
            return ""
        known = [tuple(map(int, each.split("."))) for each in VERSIONS]
        wanted = (int(found[1]), int(found[2]))
        nearest = max([each for each in known if each <= wanted], default=known[0])
        return VERSIONS[known.index(nearest)]
