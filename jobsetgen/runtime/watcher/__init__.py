"""The restart-watcher: gives the Jobs of one JobSet the life that the JobSet controller would.

It runs in one small pod and needs nothing but Python's standard library and the rights of its Role.
It reads a plan (a ConfigMap that Git holds), looks at the Jobs, decides, writes its decision down
(the state, another ConfigMap), and only then acts. Killed at any moment, doubled, frozen or cut
off, it may repeat an action but never counts a restart twice: the state is written with the
resourceVersion that it was read at, and every delete and patch names the UID that is meant.

Exit status 0: the set has completed; one that has failed fails this Job by its
activeDeadlineSeconds.
"""
