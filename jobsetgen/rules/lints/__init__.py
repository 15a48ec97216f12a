"""What is allowed but unwise, one concern a file: warnings, a few notices, and errors that only some settings make."""

from __future__ import annotations

from jobsetgen.rules.lints.accelerators import no_accelerator_asked
from jobsetgen.rules.lints.admission import overhead, priority_of_its_own
from jobsetgen.rules.lints.argocd import hook_or_wave, replace_at_every_sync
from jobsetgen.rules.lints.backoff import backoff_hides_failure
from jobsetgen.rules.lints.dns_names import pod_dns_name
from jobsetgen.rules.lints.fragile import fragile_under_gitops
from jobsetgen.rules.lints.gates import gated_pods, gated_with_node_name
from jobsetgen.rules.lints.generate_name import generate_name
from jobsetgen.rules.lints.images import moving_image
from jobsetgen.rules.lints.kueue import kueue_queue
from jobsetgen.rules.lints.kueue_deadline import kueue_deadline
from jobsetgen.rules.lints.large_affinity import large_affinity
from jobsetgen.rules.lints.suspend import suspend_in_template
from jobsetgen.rules.lints.ttl import ttl_under_gitops
from jobsetgen.rules.lints.variables import variable_left, variable_under_flux
from jobsetgen.rules.lints.watcher import needs_watcher

RULES = (
    backoff_hides_failure,
    ttl_under_gitops,
    kueue_queue,
    moving_image,
    no_accelerator_asked,
    priority_of_its_own,
    overhead,
    pod_dns_name,
    variable_left,
    fragile_under_gitops,
    large_affinity,
    needs_watcher,
    kueue_deadline,
    gated_with_node_name,
    replace_at_every_sync,
    hook_or_wave,
    suspend_in_template,
    variable_under_flux,
    generate_name,
    gated_pods,
)
