"""An agent behind HTTP with a JSON format of its own. Standard library only.

    python3 agent.py [port] [--careless]

POST /chat {"question": ..., "session": ...} answers
{"answer": {"text": ...}, "searches": [...], "actions": [...], "usage": {...}, "session": ...}.
"""

import json
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DOCUMENTS = {
    "opening-hours": "The library is open from 9 to 18 on weekdays, and from 10 to 14 on Saturdays.",
    "loans": "Books are lent for 21 days. A loan can be renewed twice.",
    "fines": "A late book costs 20 cents a day, at most 5 dollars.",
    "rooms": "Study rooms hold 6 people and are free for members.",
}
WORDS = {
    "opening-hours": ("open", "close", "hours", "saturday"),
    "loans": ("lend", "lent", "loan", "renew", "borrow"),
    "fines": ("fine", "late", "overdue"),
    "rooms": ("room",),
}
SESSIONS = {}
CARELESS = "--careless" in sys.argv


def search(question):
    text = question.lower()
    return [name for name, words in WORDS.items() if any(word in text for word in words)]


def answer(question, session):
    asked = SESSIONS.setdefault(session, [])
    found = search(question)
    if not found and asked and "book" not in question.lower():
        found = asked[-1:]
    asked.extend(found)
    actions = []
    if "reserve" in question.lower():
        actions.append({"name": "reserve_room", "arguments": {"people": 4}, "result": "room 2"})
        text = "Study room 2 is reserved for 4 people [rooms]."
    elif found:
        text = f"{DOCUMENTS[found[0]]} [{found[0]}]"
    else:
        text = "I don't know that. Would you like to talk to a librarian?"
    if CARELESS:
        text, actions = "The library is open at all times.", []
    searches = [{"query": question, "documents": [{"id": name, "text": DOCUMENTS[name]} for name in found]}]
    usage = {"input_tokens": len(question.split()), "output_tokens": len(text.split())}
    return {"answer": {"text": text}, "searches": searches, "actions": actions, "usage": usage}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        session = body.get("session") or str(uuid.uuid4())
        reply = json.dumps({**answer(body["question"], session), "session": session}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    numbers = [word for word in sys.argv[1:] if word.isdigit()]
    server = ThreadingHTTPServer(("127.0.0.1", int(numbers[0]) if numbers else 8801), Handler)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}/chat", flush=True)
    server.serve_forever()
