#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Documents of contracts as a real HTTP client gets them: those that msgc writes, no more and no less; programs that do not ask for them do not carry
their bytes.

usage: check_documents.py SERVER ECHO FOLDER (of the files that msgc has written)
"""
import http.client
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "package"))
from wsclient import Server  # noqa: E402

FOLDER = pathlib.Path(sys.argv.pop())
ECHO = pathlib.Path(sys.argv.pop())
SERVER = pathlib.Path(sys.argv.pop())


def get(server, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


class Documents(unittest.TestCase):
    def test_they_are_what_msgc_writes(self):
        with Server(str(SERVER), "--documents=yes") as server:
            for path, file in (("/asyncapi.json", "desk.asyncapi.json"), ("/schema/desk.json", "desk.schema.json"),
                               ("/schema/people.schema.json", "people.schema.json")):
                response, body = get(server, path)
                self.assertEqual((response.status, response.headers["content-type"]), (200, "application/json"))
                self.assertEqual(json.loads(body), json.loads((FOLDER / file).read_text()))
                self.assertEqual(response.headers["x-content-type-options"], "nosniff")

    def test_references_between_schemas_lead_from_one_to_the_other(self):
        with Server(str(SERVER), "--documents=yes") as server:
            schema = json.loads(get(server, "/schema/desk.schema.json")[1])
            reference = schema["$defs"]["call"]["properties"]["payload"]["properties"]["who"]["$ref"]
            file, pointer = reference.split("#")
            other = json.loads(get(server, f"/schema/{file}")[1])
            self.assertEqual(other["$defs"][pointer.split("/")[-1]]["maxLength"], 40)

    def test_nothing_is_given_out_by_default(self):
        with Server(str(SERVER)) as server:
            self.assertEqual(get(server, "/asyncapi.json")[0].status, 404)

    def test_who_does_not_want_them_does_not_carry_them(self):
        self.assertIn(b'"asyncapi":"3.0.0"', SERVER.read_bytes())
        self.assertNotIn(b'"asyncapi":"3.0.0"', ECHO.read_bytes())


if __name__ == "__main__":
    unittest.main()
