"""Faults to plant in the watcher: a name, what stands in the script, what the fault puts there, the test that sees it."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One change of the script that must not go unseen."""

    name: str
    right: str
    wrong: str
    seen_by: str


FAULTS = (
    Fault(
        "decide from a list that failed on its way",
        '            self.version = ""  # what',
        "            # what",
        "tests/simulation/test_hazards.py::test_a_list_that_fails_on_its_way_is_made_again_before_anything_is_decided",
    ),
    Fault(
        "put a Job's own name into texts that name another",
        "    if value == template:  # a text of the plan, whatever Job it names\n        return value\n",
        "",
        "tests/simulation/test_hazards.py::test_a_text_that_names_one_job_names_it_after_a_restart_of_all",
    ),
    Fault(
        "forget the restarts of single Jobs with a lost state",
        '        state["jobRestarts"] = {job.name: [job.made_alone] * 2 for job in mine if job.made_alone}\n',
        "",
        "tests/simulation/test_hazards.py::test_restarts_of_single_jobs_outlive_a_lost_state",
    ),
    Fault(
        "act before persisting",
        "        if (not self.pause or news) and not self._write(state_item, state, decided):\n            return None\n        return self._act(seen, decided, actions)\n",
        "        done = self._act(seen, decided, actions)\n        if (not self.pause or news) and not self._write(state_item, state, decided):\n            return None\n        return done\n",
        "tests/simulation/test_hazards.py::test_killed_at_every_single_request_of_a_restart",
    ),
    Fault(
        "act on a state that was not written",
        "            return False\n        return True\n",
        "            return True\n        return True\n",
        "tests/simulation/test_hazards.py::test_an_error_at_every_single_request_of_a_restart",
    ),
    Fault(
        "write the state without its version",
        "{**item, **content}",
        '{**item, **content, "metadata": {**item["metadata"], "resourceVersion": self.api.find("configmaps", self.names["state"])["metadata"]["resourceVersion"]}}',
        "tests/simulation/test_hazards.py::test_a_watcher_frozen_after_its_list_wakes_when_another_has_restarted_the_set",
    ),
    Fault(
        "drop the precondition of a delete",
        '                options["preconditions"] = {"uid": action.uid}\n',
        "",
        "tests/simulation/test_hazards.py::test_a_watcher_frozen_in_the_middle_of_its_actions_does_no_harm_when_it_wakes",
    ),
    Fault(
        "drop the precondition of a patch",
        'merged(body, {"metadata": {"uid": uid}})',
        "body",
        "tests/simulation/test_hazards.py::test_a_watcher_frozen_before_it_suspends_leaves_the_jobs_of_the_next_generation_alone",
    ),
    Fault(
        "count twice",
        '            self.state["countedRestarts"] += counted\n',
        '            self.state["countedRestarts"] += 2 * counted\n',
        "tests/unit/runtime/test_failure_policy.py::test_what_each_action_counts_and_replaces",
    ),
    Fault(
        "count what is to be ignored",
        'counted = not action.endswith("IgnoreMaxRestarts")',
        "counted = True",
        "tests/unit/runtime/test_failure_policy.py::test_what_each_action_counts_and_replaces",
    ),
    Fault(
        "forget the restarts of single Jobs in the limit",
        'self.state["countedRestarts"] + sum(each[1] for each in self.state["jobRestarts"].values())',
        'self.state["countedRestarts"]',
        "tests/unit/runtime/test_sequences.py::test_sequence_5_two_restart_job_failures_at_once_the_first_restarts_the_next_pass_fails_the_set",
    ),
    Fault(
        "allow one restart too many",
        'counted >= policy["maxRestarts"]',
        'counted > policy["maxRestarts"]',
        "tests/unit/runtime/test_failure_policy.py::test_an_empty_policy_is_one_with_no_restart",
    ),
    Fault(
        "take the latest failure",
        "key=lambda job: (job.end, first[job.replicated_job] + job.index)",
        "key=lambda job: (job.end, first[job.replicated_job] + job.index), reverse=True",
        "tests/unit/runtime/test_failure_policy.py::test_the_earliest_failure_is_named_and_on_a_tie_the_lowest_global_index",
    ),
    Fault(
        "look at rules Job by Job",
        'for rule in (policy or {"rules": []})["rules"] for job in failed if',
        'for job in failed for rule in (policy or {"rules": []})["rules"] if',
        "tests/unit/runtime/test_sequences.py::test_sequence_7_the_first_rule_wins_also_with_a_later_failure",
    ),
    Fault(
        "anchor the patterns",
        "re.search(each, job.message, re.ASCII)",
        "re.match(each, job.message, re.ASCII)",
        "tests/unit/runtime/test_failure_policy.py::test_a_rule_matches_by_reason_by_pattern_found_anywhere_and_by_target",
    ),
    Fault(
        "forget the targets of a rule",
        ', (rule["targets"], job.replicated_job)\n',
        ', (rule["reasons"], job.reason)\n',
        "tests/unit/runtime/test_failure_policy.py::test_a_rule_matches_by_reason_by_pattern_found_anywhere_and_by_target",
    ),
    Fault(
        "trust labels over UIDs",
        "            is_current = job.mark not in self.previous and job.generation == generation",
        '            is_current = job.made_attempt == self.state["restarts"] and job.generation == generation',
        "tests/unit/runtime/test_runs.py::test_a_job_with_another_uid_is_current_whatever_its_labels",
    ),
    Fault(
        "keep completed Jobs over a restart",
        "            self.previous |= {each.mark for each in self.seen.jobs.values()} - self.leftover\n",
        "            self.previous |= {each.mark for each in self.seen.jobs.values() if not each.complete}\n",
        "tests/unit/runtime/test_sequences.py::test_sequence_1_success_policy_any_met_and_another_job_failed_the_failure_policy_acts",
    ),
    Fault(
        "resume a queued Job",
        " or job.held) and not job.queued and",
        " or job.held) and",
        "tests/unit/runtime/test_success_and_start.py::test_a_queued_job_is_never_resumed",
    ),
    Fault(
        "suspend a queued Job at the end",
        "        if job.queued:  # Kueue would resume a suspended one\n",
        "        if False:\n",
        "tests/unit/runtime/test_runs.py::test_a_queued_job_is_ended_by_its_deadline",
    ),
    Fault(
        "leave while a Job terminates",
        "            return not job.terminating\n",
        "            return True\n",
        "tests/unit/runtime/test_runs.py::test_a_finished_job_that_terminates_is_waited_for",
    ),
    Fault(
        "wait until a Job that is failing has failed",
        "            return not job.terminating\n",
        "            return job.finished and not job.terminating\n",
        "tests/unit/runtime/test_runs.py::test_a_job_that_is_failing_is_not_waited_for",
    ),
    Fault(
        "leave while a generation is on its way",
        "        if done and self.awaits:\n",
        "        if False:\n",
        "tests/unit/runtime/test_runs.py::test_a_finished_set_does_not_leave_while_an_offer_is_being_tried",
    ),
    Fault(
        "leave a missing Job to the tool",
        '                    self.actions += [Create(each["name"], index, ENDED)] if self.may_create else []\n',
        "                    done = done and True\n",
        "tests/unit/runtime/test_runs.py::test_it_leaves_only_when_every_job_is_there_and_none_is_terminating",
    ),
    Fault(
        "wait for nothing under BlockingRecreate",
        "_is_blocking(self.plan) and bool(self.previous or left)",
        "False",
        "tests/unit/runtime/test_failure_policy.py::test_blocking_recreate_waits_with_a_single_job_too",
    ),
    Fault(
        "wait for all under Recreate",
        "_is_blocking(self.plan) and bool(self.previous or left)",
        "bool(self.previous)",
        "tests/unit/runtime/test_sequences.py::test_sequence_8_with_one_job_terminating_blocking_creates_nothing_and_recreate_the_others",
    ),
    Fault(
        "create what nobody applied",
        "            unknown, missing = len(missing) - len(known), known\n",
        "            unknown = len(missing) - len(known)\n",
        "tests/unit/runtime/test_success_and_start.py::test_a_job_that_nobody_has_applied_is_the_tools_to_make",
    ),
    Fault(
        "restart a Job suspended at the end in place",
        '        state["stale"] = sorted(live & {*old["ended"], *old["stale"]})\n',
        '        state["stale"] = []\n',
        "tests/unit/runtime/test_runs.py::test_a_job_suspended_at_the_end_that_takes_a_new_generation_in_place_is_made_anew",
    ),
    Fault(
        "take a plan up without its Jobs",
        'if offered["generation"] in there and not is_refused:',
        "if True:",
        "tests/unit/runtime/test_runs.py::test_a_plan_without_its_jobs_holds_back_creation_for_a_minute_and_then_the_old_run_goes_on",
    ),
    Fault(
        "create at once from a plan that is being replaced",
        "            self.may_create = seen.now - seen.offered_since >= GRACE\n",
        "            self.may_create = True\n",
        "tests/unit/runtime/test_runs.py::test_a_plan_without_its_jobs_holds_back_creation_for_a_minute_and_then_the_old_run_goes_on",
    ),
    Fault(
        "show the attempt while old pods are there",
        '        self.state["attemptShown"] = self.state["attemptShown"] or not self.previous\n',
        '        self.state["attemptShown"] = True\n',
        "tests/unit/runtime/test_runs.py::test_the_attempt_is_hidden_from_the_restart_on_until_nothing_old_is_left",
    ),
    Fault(
        "lose the tool's marks",
        '            marked["metadata"]["annotations"][LAST_APPLIED] = _over(job, applied)\n',
        "            pass\n",
        "tests/simulation/test_hazards.py::test_a_restart_keeps_the_tools_marks_to_the_byte",
    ),
    Fault(
        "lose what others changed",
        "    marked: Json = _marked(patch, values, job)\n",
        '    marked: Json = _marked({"metadata": patch.get("metadata", {})}, values, job)\n',
        "tests/simulation/test_hazards.py::test_what_others_changed_after_the_build_is_kept_over_a_restart",
    ),
    Fault(
        "decide from what was seen before somebody else wrote",
        "        if self.needed - self.follows or self.stale.is_set() or version != self.version:\n",
        "        if not self.jobs or (self.needed <= self.follows and self.stale.is_set()):\n",
        "tests/simulation/test_life.py::test_two_failures_two_restarts_completion",
    ),
    Fault(
        "start all at once",
        '            met = turn and all(map(self._is_met, each["dependsOn"]))\n',
        "            met = True\n",
        "tests/unit/runtime/test_sequences.py::test_sequence_9_a_ready_dependency_flaps_and_only_a_dependent_deleted_meanwhile_waits",
    ),
    Fault(
        "decide on after the end",
        '        if self.state["terminal"]:\n            self._end()\n        elif failing',
        "        if failing",
        "tests/unit/runtime/test_failure_policy.py::test_failed_and_completed_are_final",
    ),
    Fault(
        "keep released what is suspended",
        "            self.released.discard(job.mark)\n",
        "            pass\n",
        "tests/unit/runtime/test_success_and_start.py::test_a_release_ends_when_the_job_is_suspended_or_another_one",
    ),
    Fault(
        "wait for ever for a Job that goes slowly",
        "        if self.looked < self.patient_until and",
        "        if",
        "tests/simulation/test_hazards.py::test_new_jobs_wait_for_old_ones_that_go_but_only_a_moment",
    ),
    Fault(
        "hold back a Service for Jobs that go",
        "[each for each in creates if isinstance(each, Restore)]",
        "[]",
        "tests/simulation/test_hazards.py::test_a_service_is_put_back_while_jobs_wait",
    ),
    Fault(
        "delete a Job again before a watch says that it goes",
        "                    job.terminating = True",
        "                    pass",
        "tests/simulation/test_hazards.py::test_a_job_that_is_going_is_not_deleted_again_before_a_watch_says_that_it_goes",
    ),
    Fault(
        "look at Jobs alone under BlockingRecreate",
        "and bool(self.previous or left)",
        "and bool(self.previous)",
        "tests/unit/runtime/test_success_and_start.py"
        "::test_under_blocking_recreate_nothing_is_released_beside_a_pod_whose_job_a_tool_has_deleted",
    ),
    Fault(
        "wait for pods of a Job that is none of the set's",
        "pod.job_mark not in strange and is_pod_of_the_set(pod, places, noted)",
        "True",
        "tests/simulation/test_hazards.py::test_the_pods_of_a_foreign_job_hold_back_nothing",
    ),
    Fault(
        "make Jobs for a watcher that was replaced",
        "        if creates and self._is_wanted():\n",
        "        if creates:\n",
        "tests/simulation/test_hazards.py::test_nothing_is_made_without_the_plan_the_state_or_the_own_job",
    ),
    Fault(
        "begin anew with counters at zero after a lost state",
        'highest = state["restarts"] = state["countedRestarts"] = max(',
        "highest = max(",
        "tests/unit/runtime/test_runs.py::test_an_empty_state_goes_on_at_the_highest_attempt_all_of_it_counted",
    ),
    Fault(
        "wait until a failing Job has failed",
        "(any(job.failed for job in failing) or not self._succeeded()):",
        "any(job.failed for job in failing):",
        "tests/unit/runtime/test_failure_policy.py::test_a_job_that_has_decided_to_fail_counts_as_failed",
    ),
    Fault(
        "look for gates in the plan of Git alone",
        'for known in plans for each in known["replicatedJobs"]',
        'for each in plan["replicatedJobs"]',
        "tests/simulation/test_hazards.py::test_the_gates_of_a_run_that_goes_on_are_taken_off_though_the_plan_that_git_has_knows_none",
    ),
    Fault(
        "fall over a state that cannot be read",
        "        except UNREADABLE as error:\n",
        "        except IndexError as error:\n",
        "tests/simulation/test_hazards.py::test_a_state_that_cannot_be_read_is_taken_up_anew_from_the_jobs",
    ),
    Fault(
        "keep the flavour that Kueue chose",
        """("nodeSelector", "tolerations", "schedulingGates") if queued else ():""",
        "():",
        "tests/simulation/test_hazards.py::test_what_kueue_put_into_an_admitted_job_is_not_kept_over_a_restart",
    ),
    Fault(
        "let a watch die of what it is sent",
        "        except Exception as error:  # whatever it is: without its news the set would be left alone for ever\n",
        "        except (ApiError, OSError) as error:\n",
        "tests/unit/runtime/test_watches.py::test_one_that_is_sent_what_it_cannot_take_begins_with_a_new_list",
    ),
    Fault(
        "leave suspended Jobs to Git, which may resume them",
        '        return job.suspended and not self.plan["suspend"]  # what Git has suspended it may resume\n',
        "        return job.suspended\n",
        "tests/simulation/test_hazards.py::test_a_set_that_fails_while_suspended_does_not_run_when_git_resumes_it",
    ),
    Fault(
        "let new pods meet those that the tool is about to end",
        "- {job.mark for job in self.current} - ",
        "- {job.mark for job in self.seen.jobs.values()} - ",
        "tests/unit/runtime/test_success_and_start.py"
        "::test_under_blocking_recreate_nothing_is_released_beside_a_pod_of_a_job_that_the_tool_has_not_replaced_yet",
    ),
    Fault(
        "leave behind what was made while the plan was taken away",
        '    meta["ownerReferences"] = [owner]',
        '    meta["ownerReferences"] = [owner] if plan["jobs"] == "watcher" else []',
        "tests/simulation/test_hazards.py::test_a_job_that_is_made_while_its_set_is_taken_away_goes_with_the_plan",
    ),
    Fault(
        "leave to the plan what was made",
        'if self.plan["jobs"] == self.seen.plan["jobs"] == "git":',
        "if False:",
        "tests/simulation/test_hazards.py::test_a_plan_that_goes_later_leaves_the_jobs_that_were_made",
    ),
    Fault(
        "take off the owners of others",
        '{"ownerReferences": j.others or None}',
        '{"ownerReferences": None}',
        "tests/simulation/test_hazards.py::test_owners_of_others_stay",
    ),
    Fault(
        "forget what was applied with a plan that was deleted",
        '            state["applied"] = old["applied"]\n',
        "            pass\n",
        "tests/simulation/test_hazards.py::test_a_set_whose_plan_was_deleted_amid_a_restart_comes_back",
    ),
    Fault(
        "take up a change that Block refused because of what it added",
        'if offered["generation"] in there and not is_refused:',
        'if offered["generation"] in there:',
        "tests/simulation/test_hazards.py::test_replicas_that_are_added_to_a_blocked_set_replace_nothing",
    ),
    Fault(
        "know Jobs by their owner when they are given back to Git",
        'any(plan["jobs"] == "git" for plan in places.plans)',
        'places.plans[1]["jobs"] == "git"',
        "tests/simulation/test_hazards.py::test_jobs_that_are_given_back_to_git_are_watched",
    ),
    Fault(
        "take a Job for the set's by its labels",
        'place_of(labels.get(JOBSET, ""), self.name)',
        '(labels["jobset.sigs.k8s.io/replicatedjob-name"], int(labels["jobset.sigs.k8s.io/job-index"]))',
        "tests/simulation/test_strangers.py::test_forged_jobs_neither_restart_nor_end_a_set",
    ),
    Fault(
        "take a Job for the set's whatever plan owns it",
        "plan_uids.intersection(job.plans)",
        "job.plans",
        "tests/simulation/test_strangers.py::test_forged_jobs_neither_restart_nor_end_a_set",
    ),
    Fault(
        "take a Job for the set's by its name where a plan must own it",
        'return places.has(job) and any(plan["jobs"] == "git" for plan in places.plans)',
        "return places.has(job)",
        "tests/simulation/test_strangers.py::test_a_job_of_a_name_of_the_set_counts_only_when_its_own_plan_owns_it",
    ),
    Fault(
        "read an index that no plan writes",
        " or digits != str(int(digits)):",
        ":",
        "tests/simulation/test_strangers.py::test_forged_jobs_neither_restart_nor_end_a_set",
    ),
    Fault(
        "wait for pods of anybody's Job",
        "    return pod.job_mark in noted or places.has_name(pod.job)\n",
        "    return True\n",
        "tests/simulation/test_strangers.py::test_pods_of_somebodys_job_hold_back_no_restart",
    ),
    Fault(
        "forget what a smaller plan leaves behind",
        '        state["leftover"] = sorted(unnamed)\n',
        "",
        "tests/simulation/test_strangers.py::test_jobs_that_a_smaller_plan_leaves_behind_are_deleted",
    ),
    Fault(
        "forget the pods of what a smaller plan leaves behind",
        "        unnamed |= {pod.job_mark for pod in self.seen.pods if not places.has_name(pod.job)}\n",
        "",
        "tests/simulation/test_strangers.py::test_the_pods_of_what_is_left_behind_hold_back_a_blocking_set",
    ),
    Fault(
        "forget what labels have told when Git takes the Jobs over",
        "self._run(self._told_before(_copied(state)))",
        "self._run(_copied(state))",
        "tests/simulation/test_strangers.py::test_a_restart_counts_once_when_git_takes_the_jobs_over_amid_it",
    ),
    Fault(
        "take a Job that the plan does not own for a watcher's",
        'if plan_uid not in job.plans or job.generation != state["generation"]',
        'if job.generation != state["generation"]',
        "tests/simulation/test_strangers.py::test_a_set_that_was_restarted_is_watched_when_the_watcher_takes_its_jobs_over",
    ),
    Fault(
        "forget a Job that a frozen watcher makes for the last plan",
        "        self.leftover |= {job.mark for job in unnamed if seen.plan_uid in job.plans}\n",
        "",
        "tests/simulation/test_strangers.py::test_a_job_of_the_last_plan_that_a_frozen_watcher_makes_late_is_deleted",
    ),
    Fault(
        "leave to itself what is left behind when the set ends",
        'if self.is_settled or (self.state["terminal"] and self.seen.plan["generation"] == generation):',
        "if self.is_settled:",
        "tests/simulation/test_strangers.py::test_what_is_left_behind_goes_with_a_set_that_ends_before",
    ),
    Fault(
        "put what others had changed into a new template",
        '            self.state["patterns"] = {}\n',
        "            pass\n",
        "tests/simulation/test_strangers.py::test_on_restart_a_new_template_runs_as_git_has_it",
    ),
    Fault(
        "try the names first that somebody holds",
        "            self.taken.add(name)\n",
        "",
        "tests/simulation/test_strangers.py::test_names_that_strangers_hold_do_not_keep_the_others_waiting",
    ),
    Fault(
        "forget what watchers of format 1 knew by labels",
        '            state["leftover"] = left_in_format_1(state, jobs.values(), places)\n',
        "            pass\n",
        "tests/simulation/test_state.py::test_an_upgrade_that_also_makes_the_set_smaller_leaves_nothing_behind",
    ),
    Fault(
        "take other forms of a number for the same text",
        "is_same = encoded(merged(template, patch)) == encoded(applied)",
        "is_same = merged(template, patch) == applied",
        "tests/simulation/test_hazards.py::test_a_last_applied_annotation_in_other_forms_of_the_same_values_is_kept_to_the_byte",
    ),
    Fault(
        "report strangers in every pass",
        "        self.strangers_reported_at = self.clock()\n",
        "",
        "tests/simulation/test_strangers.py::test_they_are_reported_at_most_once_in_ten_minutes_with_their_number",
    ),
    Fault(
        "tell old Jobs from new ones by labels that are the same on both",
        '        self.state["previous"] = sorted(self.previous - told)\n',
        '        self.state["previous"] = sorted(self.previous - told) if self.plan["jobs"] == "git" else []\n',
        "tests/simulation/test_strangers.py::test_old_jobs_of_a_generation_that_comes_back_are_not_taken_for_new_ones",
    ),
    Fault(
        "take the labels of a Job that the plan does not own for a watcher's",
        'is_ours = self.plan["jobs"] == "watcher" and self.seen.plan_uid in job.plans',
        'is_ours = self.plan["jobs"] == "watcher"',
        "tests/simulation/test_strangers.py::test_jobs_that_git_has_made_go_when_the_watcher_makes_them",
    ),
    Fault(
        "forget the restart of a single Job that a tool has put back",
        "            labels[JOB_ATTEMPT] = str(alone)\n",
        "            pass\n",
        "tests/simulation/test_hazards.py::test_restarts_of_single_jobs_that_a_tool_has_put_back_outlive_a_lost_state",
    ),
    Fault(
        "keep evidence of any length",
        'escaped = compact(plain)[1:-1].encode("utf-8", "replace")[:most]',
        'escaped = compact(plain)[1:-1].encode("utf-8", "replace")[: 9 * most]',
        "tests/simulation/test_state.py::test_no_state_is_larger_than_what_the_compiler_reckons_with",
    ),
    Fault(
        "write the state in longer characters than it has",
        'json.dumps(value, separators=(",", ":"), ensure_ascii=False)',
        'json.dumps(value, separators=(",", ":"))',
        "tests/simulation/test_state.py::test_no_state_is_larger_than_what_the_compiler_reckons_with",
    ),
    Fault(
        "write a state that does not fit",
        "        if excess <= 0:\n            return content\n",
        "        return content\n",
        "tests/simulation/test_state.py::test_what_others_changed_is_given_up_where_it_does_not_fit_and_people_are_told",
    ),
    Fault(
        "let a watcher of format 1 read a newer state",
        'data = {STATE_KEY: compact(readable), OLD_PLAN_KEY: "{}"}',
        "data = {STATE_KEY: compact(readable)}",
        "tests/simulation/test_state.py::test_a_watcher_of_format_1_leaves_a_newer_state_and_its_jobs_alone",
    ),
    Fault(
        "act on a state of an unknown format",
        "if type(number) is not int or number not in STATE_FORMATS:",
        "if False:",
        "tests/simulation/test_state.py::test_a_state_of_an_unknown_format_is_left_alone",
    ),
)
