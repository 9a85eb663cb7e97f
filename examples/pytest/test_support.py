def test_the_gates_pass(run):
    assert run["gate"]["verdict"] == "pass", run["gate"]["reasons"]


def test_answers_are_faithful(run):
    faithfulness = next(one for one in run["estimates"] if one["metric"] == "faithfulness")
    assert faithfulness["value"] is not None and faithfulness["value"] >= 0.85


def test_the_key_reset_is_answered(run):
    case = next(one for one in run["cases"] if one["goldenCase"]["id"] == "key-reset-01")
    assert all(trial["passed"] for trial in case["trials"]), case["trials"]
