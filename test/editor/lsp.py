# Part of vfio-tidy, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A language client, just enough of one to talk to vfio-clangd in tests."""
import json
import os
import queue
import subprocess
import threading
import time


class Client:
    def __init__(self, command, root):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.messages = queue.Queue()
        self.log = []
        self.texts, self.versions = {}, {}
        self.next_id = 0
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_log, daemon=True).start()
        self.request("initialize", {
            "processId": os.getpid(), "rootUri": "file://" + root,
            "capabilities": {"textDocument": {
                "publishDiagnostics": {"relatedInformation": True,
                                       "codeDescriptionSupport": True,
                                       "codeActionsInline": False},
                "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {
                    "valueSet": ["quickfix", "refactor"]}}}}}})
        self.notify("initialized", {})

    def _read(self):
        try:
            self._read_messages()
        finally: # whoever waits must not wait for ever
            self.messages.put(None)

    def _read_messages(self):
        while True:
            length = 0
            line = self.process.stdout.readline()
            if not line:
                return
            while line.strip():
                name, _, value = line.decode().partition(":")
                if name.lower() == "content-length":
                    length = int(value)
                line = self.process.stdout.readline()
            self.messages.put(json.loads(self.process.stdout.read(length)))

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line.decode(errors="replace").rstrip())

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self._send({"method": method, "params": params})

    def wait(self, wanted, seconds=120):
        """The first message that is wanted; answers the server's own requests."""
        end = time.monotonic() + seconds
        while True:
            message = self.messages.get(timeout=max(0.01, end - time.monotonic()))
            if message is None:
                raise RuntimeError("the server ended:\n" + "\n".join(self.log[-20:]))
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            if wanted(message):
                return message

    def request(self, method, params):
        self.next_id += 1
        number = self.next_id
        self._send({"id": number, "method": method, "params": params})
        reply = self.wait(lambda m: m.get("id") == number and "method" not in m)
        if "error" in reply:
            raise RuntimeError("%s: %s" % (method, reply["error"]))
        return reply["result"]

    def first_diagnostics(self, path):
        """The next diagnostics for the current version of the file: the
        compiler's, if nothing else has been found yet."""
        uri, version = "file://" + path, self.versions[path]
        return self.wait(lambda m: m.get("method") == "textDocument/publishDiagnostics"
                         and m["params"]["uri"] == uri
                         and m["params"].get("version") == version)["params"]

    def diagnostics(self, path):
        """The next diagnostics for the current version of the file that are all."""
        while True:
            params = self.first_diagnostics(path)
            if not params.get("vfioPending"):
                return params["diagnostics"]

    def open(self, path):
        with open(path) as file:
            self.texts[path] = file.read()
        self.versions[path] = 1
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": "file://" + path, "languageId": "c", "version": 1,
            "text": self.texts[path]}})

    def change(self, path, text):
        self.texts[path] = text
        self.versions[path] += 1
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": "file://" + path, "version": self.versions[path]},
            "contentChanges": [{"text": text}]})

    def actions(self, path, diagnostic):
        return self.request("textDocument/codeAction", {
            "textDocument": {"uri": "file://" + path}, "range": diagnostic["range"],
            "context": {"diagnostics": [diagnostic]}})

    def apply(self, path, action):
        """Makes the action's edits; runs its command, and makes the edits that
        the server then asks for."""
        edit = action.get("edit")
        if edit is None:
            command = action.get("command", action)
            if isinstance(command, str):
                command = action
            self.next_id += 1
            number = self.next_id
            self._send({"id": number, "method": "workspace/executeCommand", "params": {
                "command": command["command"], "arguments": command.get("arguments", [])}})
            edit = self.wait(lambda m: m.get("method") == "workspace/applyEdit")["params"]["edit"]
        edits = edit["changes"]["file://" + path]
        lines = self.texts[path].splitlines(keepends=True)
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line))
        text = self.texts[path]
        place = lambda p: starts[p["line"]] + p["character"]
        for change in sorted(edits, key=lambda e: place(e["range"]["start"]), reverse=True):
            begin, end = (place(change["range"][k]) for k in ("start", "end"))
            text = text[:begin] + change["newText"] + text[end:]
        self.change(path, text)

    def close(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(timeout=120) # it ends its indexing first
