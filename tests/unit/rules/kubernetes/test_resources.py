"""JSG301 to JSG304: quantities, requests and limits."""

from __future__ import annotations

from tests.unit.rules.kubernetes.jobs import jobset, said


def test_a_quantity_with_an_unknown_unit():
    found = said("JSG301", jobset(container="resources: {limits: {memory: 16GB}}"))
    assert found == ["27:44: invalid quantity '16GB'\nhint: Did you mean '16Gi', or '16G' (powers of 1000)?"]


def test_a_quantity_in_small_letters():
    found = said("JSG301", jobset(container="resources: {requests: {memory: 512mi}}"))
    assert found == ["27:46: invalid quantity '512mi'\nhint: Did you mean '512Mi'?"]


def test_a_quantity_with_a_space():
    found = said("JSG301", jobset(container="resources: {requests: {memory: 16 Gi}}"))
    assert found == ["27:46: invalid quantity '16 Gi'\nhint: Did you mean '16Gi'?"]


def test_a_quantity_with_a_comma():
    found = said("JSG301", jobset(container='resources: {requests: {cpu: "1,5"}}'))
    assert found == ["27:43: invalid quantity '1,5'\nhint: Did you mean '1.5'?"]


def test_a_quantity_that_is_a_word():
    found = said("JSG301", jobset(container="resources: {requests: {cpu: plenty}}"))
    assert found == ["27:43: invalid quantity 'plenty'"]


def test_a_quantity_of_an_init_container():
    found = said("JSG301", jobset(init="resources: {requests: {cpu: 2 cores}}"))
    assert found == ["23:43: invalid quantity '2 cores'"]


def test_a_negative_quantity():
    found = said("JSG301", jobset(container="resources: {requests: {cpu: -1}}"))
    assert found == ["27:43: the quantity -1 is negative"]


def test_a_size_limit_that_is_none():
    found = said("JSG301", jobset(pod="volumes: [{name: shm, emptyDir: {medium: Memory, sizeLimit: 64gb}}]"))
    assert found == ["19:73: invalid quantity '64gb'\nhint: Did you mean '64Gi', or '64G' (powers of 1000)?"]


def test_a_negative_size_limit():
    found = said("JSG301", jobset(pod="volumes: [{name: shm, emptyDir: {sizeLimit: -1Gi}}]"))
    assert found == ["19:57: the quantity -1Gi is negative"]


def test_an_overhead_that_is_none():
    found = said("JSG301", jobset(pod="overhead: {memory: lots}"))
    assert found == ["19:32: invalid quantity 'lots'"]


def test_a_quantity_of_the_whole_pod():
    found = said("JSG301", jobset(pod="resources: {limits: {memory: 16GB}}"))
    assert found == ["19:42: invalid quantity '16GB'\nhint: Did you mean '16Gi', or '16G' (powers of 1000)?"]


def test_what_is_negative_for_the_whole_pod_depends_on_a_gate():
    text = jobset(pod="resources: {limits: {memory: -1}}")
    assert said("JSG301", text, kubernetes_version="1.33") == []
    assert said("JSG301", text, kubernetes_version="1.34") == ["19:42: the quantity -1 is negative"]


def test_a_number_without_quotes_is_a_quantity():
    assert said("JSG301", jobset(container="resources: {requests: {cpu: 0.5, memory: 1073741824}}")) == []


def test_spaces_around_a_quantity_are_nothing():
    assert said("JSG301", jobset(container='resources: {requests: {cpu: " 1 "}}')) == []


def test_a_resource_without_a_domain():
    message = (
        "27:36: 'gpu' is not a container resource\nhint: A device is named with its vendor's "
        "domain, such as nvidia.com/gpu."
    )
    found = said("JSG302", jobset(container="resources: {limits: {gpu: 8}}"))
    assert found == [message]


def test_a_resource_that_is_nearly_known():
    found = said("JSG302", jobset(container="resources: {limits: {memroy: 1Gi}}"))
    assert found == ["27:36: 'memroy' is not a container resource\nhint: Did you mean 'memory'?"]


def test_storage_is_for_claims():
    found = said("JSG302", jobset(container="resources: {requests: {storage: 1Gi}}"))
    assert found == ["27:38: 'storage' is not a container resource\nhint: Did you mean 'ephemeral-storage'?"]


def test_huge_pages_without_their_size():
    found = said("JSG302", jobset(container="resources: {limits: {hugepages-big: 1Gi, cpu: 1}}"))
    assert found == ["27:36: 'hugepages-big' does not name huge pages by their size, as hugepages-2Mi does"]


def test_a_resource_with_two_slashes():
    message = (
        "27:36: 'example.com/gpu/a' cannot be the name of a resource: the prefix "
        "'example.com/gpu' must be a DNS name in lower case"
    )
    found = said("JSG302", jobset(container="resources: {limits: {example.com/gpu/a: 1}}"))
    assert found == [message]


def test_a_resource_in_the_words_of_a_quota():
    message = "27:36: 'requests.nvidia.com/gpu' cannot be the name of a resource: it begins with 'requests.'"
    found = said("JSG302", jobset(container="resources: {limits: {requests.nvidia.com/gpu: 1}}"))
    assert found == [message]


def test_a_resource_of_kubernetes_own_domain():
    assert said("JSG302", jobset(container="resources: {limits: {batch.kubernetes.io/slots: 1}}")) == []


def test_a_request_above_its_limit():
    found = said("JSG303", jobset(container="resources: {requests: {memory: 4Gi}, limits: {memory: 4G}}"))
    assert found == ["27:46: the request of memory is 4Gi, above the limit of 4G"]


def test_a_request_above_its_limit_in_other_units():
    found = said("JSG303", jobset(container="resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}"))
    assert found == ["27:43: the request of cpu is 2, above the limit of 1500m"]


def test_a_request_at_its_limit():
    found = said(
        "JSG303",
        jobset(container="resources: {requests: {cpu: 1500m, memory: 1024Mi}, limits: {cpu: 1.5, memory: 1Gi}}"),
    )
    assert found == []


def test_less_than_a_thousandth_is_rounded_up_before_it_is_compared():
    found = said("JSG303", jobset(container="resources: {requests: {cpu: 1.0002}, limits: {cpu: 1.0001}}"))
    assert found == []


def test_a_limit_alone():
    assert said("JSG303", jobset(container="resources: {limits: {cpu: 1}}")) == []


def test_a_device_requested_without_a_limit():
    message = "27:54: nvidia.com/gpu is requested without a limit\nhint: Write it under limits; the request follows."
    found = said("JSG304", jobset(container="resources: {requests: {nvidia.com/gpu: 4}}"))
    assert found == [message]


def test_a_device_whose_request_differs_from_its_limit():
    found = said("JSG304", jobset(container="resources: {requests: {google.com/tpu: 2}, limits: {google.com/tpu: 4}}"))
    assert found == ["27:54: the request of google.com/tpu is 2, but its limit is 4; they must be equal"]


def test_a_device_whose_request_is_above_its_limit_is_said_once():
    found = said("JSG303", jobset(container="resources: {requests: {google.com/tpu: 8}, limits: {google.com/tpu: 4}}"))
    assert found == []


def test_half_a_device():
    found = said("JSG304", jobset(container="resources: {limits: {nvidia.com/gpu: 500m}}"))
    assert found == ["27:52: nvidia.com/gpu must be a whole number, not 500m"]


def test_a_device_by_its_limit_alone():
    assert said("JSG304", jobset(container='resources: {limits: {nvidia.com/gpu: "8"}}')) == []


def test_a_device_written_in_two_ways():
    found = said(
        "JSG304", jobset(container='resources: {requests: {nvidia.com/gpu: "8"}, limits: {nvidia.com/gpu: 8000m}}')
    )
    assert found == []


def test_huge_pages_that_are_no_multiple_of_their_size():
    found = said("JSG304", jobset(container="resources: {limits: {hugepages-2Mi: 3Mi, memory: 1Gi}}"))
    assert found == ["27:51: hugepages-2Mi is 3Mi, which is not a multiple of the page size"]


def test_huge_pages_alone():
    found = said("JSG304", jobset(container="resources: {limits: {hugepages-2Mi: 4Mi}}"))
    assert found == ["27:51: hugepages-2Mi needs a request or a limit of cpu or memory beside it"]


def test_huge_pages_requested_without_a_limit():
    message = "27:53: hugepages-1Gi is requested without a limit\nhint: Write it under limits; the request follows."
    found = said("JSG304", jobset(container="resources: {requests: {hugepages-1Gi: 2Gi, memory: 1Gi}}"))
    assert found == [message]


def test_huge_pages_beside_memory():
    assert said("JSG304", jobset(container="resources: {limits: {hugepages-2Mi: 100Mi, memory: 1Gi}}")) == []


def test_an_overhead_is_looked_at_as_limits_are():
    assert said("JSG302", jobset(pod="overhead: {cpu: 100m, example.com/slot: 1}")) == []
    assert said("JSG302", jobset(pod="overhead: {slots: 1}")) == [
        "19:24: 'slots' is not a container resource\n"
        "hint: A device is named with its vendor's domain, such as nvidia.com/gpu."
    ]
    found = said("JSG304", jobset(pod="overhead: {example.com/slot: 500m}"))
    assert found == ["19:42: example.com/slot must be a whole number, not 500m"]
    found = said("JSG304", jobset(pod="overhead: {hugepages-2Mi: 2Mi}"))
    assert found == ["19:39: hugepages-2Mi needs a request or a limit of cpu or memory beside it"]
