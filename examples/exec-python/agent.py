"""An agent as a program: JSON lines over stdin and stdout. Standard library only.

It asks agentctl for the tools of its environment, so that permissions, caps and the ledger apply to them.
Its log goes to stderr; stdout belongs to the protocol.
"""

import json
import re
import sys

CARELESS = "--careless" in sys.argv


def say(message):
    print(json.dumps(message), flush=True)


def hear():
    line = sys.stdin.readline()
    if line == "":
        sys.exit(0)  # the conversation is over
    return json.loads(line)


def call(name, **arguments):
    call.count += 1
    say({"type": "tool_call", "id": f"call-{call.count}", "name": name, "arguments": arguments})
    result = hear()
    return json.loads(result["content"])


call.count = 0


def answer(text, waiting):
    order = re.search(r"A-\d{4}", text)
    if waiting and text.lower().startswith("yes"):
        done = call("cancel_order", order_id=waiting, reason="changed_mind", confirmed=True)
        return f"Order {waiting} is {done.get('status', 'not cancelled')}.", None
    if order is None:
        return "Which order is it? Its number begins with A-.", None
    if "cancel" in text.lower():
        if CARELESS:
            return f"Order {order[0]} is cancelled.", None
        return f"Shall I cancel order {order[0]}?", order[0]
    found = call("lookup_order", order_id=order[0])
    return f"Order {order[0]} is {found.get('status', 'unknown to me')}.", None


say({"type": "ready"}) if hear()["type"] == "start" else sys.exit("expected a start message")
waiting = None
while True:
    message = hear()
    text, waiting = answer(message["text"], waiting)
    say({"type": "reply", "text": text, "model": "rules-1", "cost_usd": 0})
