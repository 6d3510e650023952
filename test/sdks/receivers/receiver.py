"""A receiver as a customer would write one: prints its port, reads its secrets from one line, prints what it takes."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hookwright_webhooks import answer, authio, authsignal, stech


def take(kind, event):
    ids = [record.dedupe_key for record in event.records] if kind == "batch" else [event.dedupe_key]
    print(json.dumps({"kind": kind, "ids": ids}), flush=True)


def decide(question):
    take("question", question)
    if isinstance(question, authio.PreRegister):
        return question.deny(code="compliance_block")
    if isinstance(question, authio.PreTokenMint):
        return question.allow(override_claims={"plan": "pro"})
    return question.allow()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        webhook, handle = self.server.routes[self.path]
        body = self.rfile.read(int(self.headers["content-length"]))
        status, headers, content = answer(
            webhook, handle, body=body, headers=self.headers.items(), on_error=lambda error: None
        )
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
secrets = json.loads(sys.stdin.readline())
server.routes = {
    "/events": (stech.Webhook(secrets["events"]), lambda event: take("event", event)),
    "/batches": (authsignal.Webhook(secrets["batches"]), lambda batch: take("batch", batch)),
    "/signups": (authio.Webhook(secrets["signups"]), decide),
    "/tokens": (authio.Webhook(secrets["tokens"]), decide),
}
server.serve_forever()
