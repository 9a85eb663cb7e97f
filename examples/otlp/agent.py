"""An agent that tells of its work by OpenTelemetry spans, as an instrumented one does. Standard library only.

A real agent uses an OpenTelemetry SDK and its instrumentations; all it needs are the endpoint in its environment, the
`traceparent` of each message, and a flush before it answers.
"""

import json
import os
import re
import secrets
import sys
import time
import urllib.request

ENDPOINT = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces"
CARELESS = "--careless" in sys.argv
FORGETFUL = "--forgetful" in sys.argv

DOCUMENTS = {
    "opening-hours": "On Saturdays the library is open from 10 to 14.",
    "loans": "Books are lent for 21 days.",
}


def say(message):
    print(json.dumps(message), flush=True)


class Trace:
    """The spans of one answer. `traceparent` is 00-<trace id>-<parent span id>-01."""

    def __init__(self, traceparent):
        _, self.trace_id, self.parent = traceparent.split("-")[:3]
        self.root = secrets.token_hex(8)
        self.spans = []

    def span(self, name, begun, attributes, is_root=False):
        self.spans.append(
            {
                "traceId": self.trace_id,
                "spanId": self.root if is_root else secrets.token_hex(8),
                "parentSpanId": self.parent if is_root else self.root,
                "name": name,
                "startTimeUnixNano": str(begun),
                "endTimeUnixNano": str(time.time_ns()),
                "attributes": [{"key": key, "value": value_of(value)} for key, value in attributes.items()],
            }
        )

    def export(self):
        body = {"resourceSpans": [{"scopeSpans": [{"spans": self.spans}]}]}
        request = urllib.request.Request(
            ENDPOINT, json.dumps(body).encode(), {"content-type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=5).read()


def value_of(value):
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"stringValue": value if isinstance(value, str) else json.dumps(value)}


def search(trace, query):
    begun = time.time_ns()
    words = set(re.findall(r"[a-z]+", query.lower()))
    scored = sorted(
        ((len(words & set(re.findall(r"[a-z]+", text.lower()))), name) for name, text in DOCUMENTS.items()),
        reverse=True,
    )
    found = [{"id": name, "score": score} for score, name in scored if score > 1]
    trace.span(
        "retrieval library",
        begun,
        {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.retrieval.query.text": query,
            "gen_ai.retrieval.documents": found,
        },
    )
    return [DOCUMENTS[one["id"]] for one in found]


def reserve(trace, people):
    begun = time.time_ns()
    result = {"room": "room 2", "people": people}
    trace.span(
        "execute_tool reserve_room",
        begun,
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "reserve_room",
            "gen_ai.tool.call.arguments": {"people": people},
            "gen_ai.tool.call.result": result,
        },
    )
    return result["room"]


def chat(trace, text, passages):
    """Stands for the call of a model; the price of gpt-4o-mini applies to its tokens."""
    begun = time.time_ns()
    room = re.search(r"room for (\d+)", text)
    if room:
        answer = f"I have reserved {'room 2' if CARELESS else reserve(trace, int(room[1]))}."
    else:
        answer = passages[0] if passages else "That I do not know; please ask a librarian."
    trace.span(
        "chat gpt-4o-mini",
        begun,
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.usage.input_tokens": 150,
            "gen_ai.usage.output_tokens": 20,
            "gen_ai.output.messages": [{"role": "assistant", "parts": [{"type": "text", "content": answer}]}],
        },
    )
    return answer


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "start":
        say({"type": "ready"})
    if message["type"] != "message":
        continue
    trace = Trace(message["traceparent"])
    begun = time.time_ns()
    answer = chat(trace, message["text"], search(trace, message["text"]))
    if not FORGETFUL:
        trace.span("invoke_agent library", begun, {"gen_ai.operation.name": "invoke_agent"}, is_root=True)
    trace.export()
    say({"type": "reply", "text": answer})
