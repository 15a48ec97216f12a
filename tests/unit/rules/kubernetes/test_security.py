"""JSG358: security contexts."""

from __future__ import annotations

import pytest

from tests.unit.rules.kubernetes.jobs import jobset, said


@pytest.mark.parametrize("number", [0, 2147483647])
def test_users_that_can_be(number):
    assert said("JSG358", jobset(pod=f"securityContext: {{runAsUser: {number}, fsGroup: {number}}}")) == []


@pytest.mark.parametrize("number", [-1, 2147483648])
@pytest.mark.parametrize("field", ["runAsUser", "runAsGroup", "fsGroup"])
def test_users_and_groups_that_cannot_be(field, number):
    found = said("JSG358", jobset(pod=f"securityContext: {{{field}: {number}}}"))
    assert [line.partition(": ")[2] for line in found] == [f"{number} is no user or group: those are 0 to 2147483647"]


def test_a_supplemental_group_that_cannot_be():
    found = said("JSG358", jobset(pod="securityContext: {supplementalGroups: [1, -2]}"))
    assert [line.partition(": ")[2] for line in found] == ["-2 is no user or group: those are 0 to 2147483647"]


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ("privileged: true", "that is privileged"),
        ("capabilities: {add: [CAP_SYS_ADMIN]}", "with the capability CAP_SYS_ADMIN"),
    ],
)
def test_a_privilege_that_cannot_be_forbidden(context, reason):
    found = said("JSG358", jobset(container=f"securityContext: {{allowPrivilegeEscalation: false, {context}}}"))
    assert [line.partition(": ")[2] for line in found] == [
        f"allowPrivilegeEscalation cannot be false in a container {reason}"
    ]


def test_the_api_server_takes_the_other_spelling_of_that_capability():
    context = "securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}"
    assert said("JSG358", jobset(container=context)) == []


@pytest.mark.parametrize("field", ["seccompProfile", "appArmorProfile"])
def test_a_profile_and_its_type(field):
    for pod, message in (
        (f"{{{field}: {{type: Localhost, localhostProfile: a.json}}}}", []),
        (f"{{{field}: {{type: RuntimeDefault}}}}", []),
        (f"{{{field}: {{type: Localhost}}}}", [f"a {field} of type Localhost needs a localhostProfile"]),
        (
            f"{{{field}: {{type: RuntimeDefault, localhostProfile: a.json}}}}",
            [f"a {field} has a localhostProfile only where its type is Localhost"],
        ),
    ):
        found = said("JSG358", jobset(pod=f"securityContext: {pod}"))
        assert [line.partition(": ")[2] for line in found] == message


@pytest.mark.parametrize("file", ["/profiles/a.json", "../a.json", "a/../b.json"])
def test_a_profile_of_seccomp_out_of_its_folder(file):
    profile = f"{{type: Localhost, localhostProfile: {file}}}"
    found = said("JSG358", jobset(container=f"securityContext: {{seccompProfile: {profile}}}"))
    message = f"the localhostProfile '{file}' leads out of the kubelet's folder of profiles"
    assert [line.partition(": ")[2] for line in found] == [message]
    assert said("JSG358", jobset(container=f"securityContext: {{appArmorProfile: {profile}}}")) == []


@pytest.mark.parametrize("file", [" a", "a ", "a" * 4096])
def test_a_profile_of_apparmor_that_cannot_be(file):
    profile = f'{{type: Localhost, localhostProfile: "{file}"}}'
    found = said("JSG358", jobset(pod=f"securityContext: {{appArmorProfile: {profile}}}"))
    message = "the localhostProfile of AppArmor has spaces around it, or more than 4095 bytes"
    assert [line.partition(": ")[2] for line in found] == [message]


USERS = ["trainer", r"NT AUTHORITY\SYSTEM", r"ad.example.com\Trainer", "a b", "u" * 104]
NO_USERS = ["", "..", " ", "a/b", "a@b", r"a\b\c", r"\trainer", r"-a.b:c\trainer", "domain\\", "u" * 105]


@pytest.mark.parametrize("user", USERS)
def test_users_of_windows(user):
    assert said("JSG358", jobset(pod=f"securityContext: {{windowsOptions: {{runAsUserName: '{user}'}}}}")) == []


@pytest.mark.parametrize("user", NO_USERS)
def test_what_is_no_user_of_windows(user):
    found = said("JSG358", jobset(pod=f"securityContext: {{windowsOptions: {{runAsUserName: '{user}'}}}}"))
    assert [line.partition(": ")[2] for line in found] == [f"'{user}' is no user of Windows"]


def test_accounts_of_windows():
    def options(text):
        found = said("JSG358", jobset(pod=f"securityContext: {{windowsOptions: {text}}}"))
        return [line.partition(": ")[2] for line in found]

    assert options("{gmsaCredentialSpecName: training, gmsaCredentialSpec: '{}'}") == []
    name = "'Training Account' is no name: it must have lower-case letters, digits, dashes and dots"
    assert options("{gmsaCredentialSpecName: Training Account}") == [name]
    assert options("{gmsaCredentialSpec: ''}") == ["gmsaCredentialSpec must have between 1 and 65536 bytes"]
