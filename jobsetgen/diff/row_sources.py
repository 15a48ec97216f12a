"""What the rows of the table of consequences rest on, and the tests that prove them."""

from __future__ import annotations

from jobsetgen.upstream import kubernetes, manual, page

EFFECTS = manual("docs/gitops.md#effects-of-a-change", "effects of a change")
LIMITS = manual("docs/gitops.md#limitations-and-workarounds", "limitations and workarounds")
UPGRADES = manual("docs/gitops.md#upgrades-and-downgrades-of-jobsetgen", "upgrades")
WHO_CREATES = manual("docs/project.md#who-creates-the-jobs", "who creates the Jobs")
CHANGES = manual("docs/restart-watcher.md#what-a-change-in-git-does", "what a change in Git does")

JOB_UPDATE = kubernetes("pkg/apis/batch/validation/validation.go", "ValidateJobSpecUpdate")
CLAIM_UPDATE = kubernetes(
    "pkg/apis/core/validation/validation.go", "ValidatePersistentVolumeClaimUpdate"
)
SERVICE_UPDATE = kubernetes("pkg/apis/core/validation/validation.go", "ValidateServiceUpdate")
DATA_UPDATE = kubernetes("pkg/apis/core/validation/validation.go", "ValidateConfigMapUpdate")
IMMUTABLE = kubernetes("pkg/apis/apps/validation/validation.go", "ValidateStatefulSetUpdate")
BINDING_UPDATE = kubernetes("pkg/apis/rbac/validation/validation.go", "ValidateRoleBindingUpdate")
APPLY = page(
    "kubectl apply", "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_apply/"
)
RECLAIM = page(
    "reclaim policy of a volume",
    "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming",
)
QUEUES = page("Kueue, Workload", "https://kueue.sigs.k8s.io/docs/concepts/workload/")

ROWS_TEST = "tests/cluster/test_consequences.py::test_a_row"
QUEUED_GIT_TEST = (
    "tests/cluster/test_kueue.py::test_what_kueue_resumes_is_suspended_again_if_git_owns_the_job"
)
QUEUED_WATCHER_TEST = (
    "tests/cluster/test_kueue.py"
    "::test_kueue_alone_runs_the_jobs_of_a_set_that_is_suspended_and_resumed_in_git"
)
