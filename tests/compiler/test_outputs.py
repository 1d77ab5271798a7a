#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is said once in a contract is in every output that has a place for it, and comments for the reader of the file are in none.

usage: test_outputs.py MSGC
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CONTRACT = """
// remark-of-the-file
/// doc-of-contract
contract said 3;

option title       = "title-of-contract";
option description = "description-of-contract";
option server_url  = "wss://url-of-server.example";
option licence     = "licence-of-contract";
option contact     = "contact@of-contract.example";

/// doc-of-enum
enum mood {
    /// doc-of-value
    fine,
    grim,
}

/// doc-of-record
type entry {
    /// doc-of-member
    body:  string(len 1..9);              // remark-of-member
    mood:  mood = grim;
    last?: int32 deprecated "instead-of-member";
}

/// doc-of-union
union either by kind { one: entry; two: { n: int8; }; }

/// doc-of-message
message say as "say.it" { payload: entry; either?: either; }
/// doc-of-old
message shout deprecated "instead-of-message" { payload: string; }
/// doc-of-group-message
group message told deprecated "instead-of-told" { payload: entry; }

/// doc-of-group
group everybody { broadcast told; }

/// doc-of-consumer
consumer hall at "/hall/{room}" (
    /// doc-of-parameter
    room: int32;
) {
    join    everybody;
    receive say, shout;
}
"""
OUTPUTS = {"c": "said.msgc.h", "jsonschema": "said.schema.json", "asyncapi": "said.asyncapi.json", "ts": "said.ts", "js": "said.d.ts", "html": "said.html",
           "markdown": "said.md"}
VALUES = ["doc-of-enum", "doc-of-record", "doc-of-member", "doc-of-union", "doc-of-message", "doc-of-old", "doc-of-group-message"]
CHANNELS = ["doc-of-consumer"]
DEPRECATED = ["instead-of-member", "instead-of-message", "instead-of-told"]


class Outputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(cls.folder.name)
        (path / "said.msg").write_text(CONTRACT)
        subprocess.run([MSGC, "--emit", ",".join([*OUTPUTS, "jsonschema-messages"]), "-o", path, path / "said.msg"], check=True)
        cls.text = {kind: (path / name).read_text() for kind, name in OUTPUTS.items()}
        cls.say = json.loads((path / "said" / "say.schema.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def has(self, kind, words):
        for word in words:
            with self.subTest(output=kind, word=word):
                self.assertIn(word, self.text[kind].replace("<wbr>", ""))

    def test_doc_comments_travel(self):
        for kind in OUTPUTS:
            self.has(kind, VALUES)
        for kind in OUTPUTS.keys() - {"jsonschema"}:
            self.has(kind, CHANNELS)
        for kind in ("c", "asyncapi", "ts", "js", "html", "markdown"):
            self.has(kind, ["doc-of-parameter"])
        for kind in ("c", "ts", "html", "markdown"):
            self.has(kind, ["doc-of-value"])

    def test_remarks_do_not(self):
        for kind, text in self.text.items():
            with self.subTest(output=kind):
                self.assertNotIn("remark-of", text)

    def test_deprecation_is_said_with_what_to_use(self):
        for kind in OUTPUTS:
            self.has(kind, DEPRECATED)
        for kind in ("ts", "js"):
            self.has(kind, [f"@deprecated {words}" for words in DEPRECATED])
        self.has("c", [f"Deprecated: {words}" for words in DEPRECATED])
        self.has("asyncapi", [f'"x-deprecated": "{words}"' for words in DEPRECATED[1:]])

    def test_options_of_the_documents(self):
        for kind in ("c", "jsonschema", "asyncapi", "html", "markdown"):
            self.has(kind, ["title-of-contract", "description-of-contract"])
        self.has("asyncapi", ["url-of-server.example", "licence-of-contract", "contact@of-contract.example"])
        self.assertEqual(json.loads(self.text["asyncapi"])["info"]["title"], "title-of-contract")

    def test_json_schema_has_keywords_for_them(self):
        defs = json.loads(self.text["jsonschema"])["$defs"]
        entry, shout = defs["entry"], defs["shout"]
        self.assertEqual(entry["description"], "doc-of-record")
        self.assertEqual(entry["properties"]["body"]["description"], "doc-of-member")
        self.assertEqual(entry["properties"]["mood"]["default"], "grim")
        self.assertIs(entry["properties"]["last"]["deprecated"], True)
        self.assertIs(shout["deprecated"], True)
        self.assertNotIn("deprecated", defs["say"])
        self.assertEqual(defs["say"]["properties"]["action"]["const"], "say.it")
        for name in ("say", "shout", "told"):
            self.assertTrue(defs[name]["title"])
            self.assertTrue(defs[name]["examples"])
        arms = defs["either"]["oneOf"]
        self.assertEqual(len(arms), 2)
        self.assertTrue(all(arm["title"] for arm in arms))

    def test_a_schema_of_one_message_needs_no_other(self):
        text = json.dumps(self.say)
        self.assertIn("doc-of-message", text)
        self.assertIn("doc-of-member", text)
        for part in text.split('"$ref": "')[1:]:
            self.assertTrue(part.startswith("#/"), part[:40])


if __name__ == "__main__":
    MSGC = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
