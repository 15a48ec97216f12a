"""JSG525: kueue gate."""

from __future__ import annotations

from collections.abc import Iterator

from jobsetgen.diagnostics import Finding
from jobsetgen.model import keys
from jobsetgen.model.jobset import JobSet
from jobsetgen.options.table import Settings
from jobsetgen.rules.common.gates import written_gates
from jobsetgen.rules.common.queues import names_queue
from jobsetgen.rules.rule import jobset_rule
from jobsetgen.upstream import page


@jobset_rule(
    "JSG525",
    "warning",
    since="0.1",
    source=page("Kueue, Run Plain Pods", "https://kueue.sigs.k8s.io/docs/tasks/run/plain_pods/"),
)
def kueue_gate(jobset: JobSet, settings: Settings) -> Iterator[Finding]:
    """A pod template has a scheduling gate of Kueue's, but no queue.

    Kueue sets its gates itself, on pods of a queue, and removes them when it admits the pods. It
    does not look at pods of no queue: with its gate they wait forever. The label
    kueue.x-k8s.io/queue-name counts on the Job template or the pod template; the JobSet's own
    labels are not copied to its Jobs.

    Warning because something else in the cluster may set the queue, or remove the gate.

    Bad::

        spec:
          replicatedJobs:
          - template:
              spec:
                template:
                  spec: {schedulingGates: [{name: kueue.x-k8s.io/admission}]}

    Good::

        spec:
          replicatedJobs:
          - template:
              metadata:
                labels: {kueue.x-k8s.io/queue-name: research}
    """
    for gate in written_gates(jobset):
        if gate.is_kueues and not names_queue(gate.replicated_job):
            message = (
                f"the pods of {gate.replicated_job.name} have Kueue's scheduling gate"
                f" '{gate.name}' but no queue, so Kueue does not remove it"
            )
            hint = f"Remove the gate, or label the Job template with {keys.KUEUE_QUEUE}."
            yield Finding(path=gate.path, message=message, hint=hint)
