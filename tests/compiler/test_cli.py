#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The command line of msgc: exit status, files, imports, dependencies.

usage: test_cli.py MSGC [TEST…]
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

MSGC = ""
GOOD = "contract good 1;\ntype a { x: int32; }\nmessage m { payload: a; }\n"
BAD = "contract bad 1;\ntype a { x: int33; }\n"


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write("good.msg", GOOD)
        self.write("bad.msg", BAD)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def msgc(self, *arguments, cwd=None, stdout=subprocess.PIPE):
        return subprocess.run([MSGC, *map(str, arguments)], cwd=cwd or self.root, stdout=stdout, stderr=subprocess.PIPE,
                              text=True, timeout=60, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})

    def files(self):
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())

    def expect(self, status, *arguments, **options):
        done = self.msgc(*arguments, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    # ------------------------------------------------------------- exit status

    def test_good_contract_gives_0_and_says_nothing(self):
        done = self.expect(0, "--emit", "model", "good.msg")
        self.assertEqual((done.stdout, done.stderr), ("", ""))
        self.assertEqual(self.files(), ["bad.msg", "good.model.txt", "good.msg"])

    def test_messages_have_documents_of_their_own(self):
        self.expect(0, "--emit", "jsonschema,jsonschema-messages", "-o", "out", "-MD", "good.msg", cwd=self.write("out/x", "").parent.parent)
        self.assertEqual([file for file in self.files() if "schema" in file], ["out/good.schema.json", "out/good/m.schema.json"])
        self.assertIn("out/good/m.schema.json", (self.root / "out/good.d").read_text())
        self.write("good2.msg", "contract good2 1;\nmessage m;\n")
        self.write("good2", "in the way")
        done = self.expect(2, "--emit", "jsonschema-messages", "good2.msg")
        self.assertIn("msgc: cannot write 'good2/m.schema.json': Not a directory\n", done.stderr)

    def test_bad_contract_gives_1_and_writes_nothing(self):
        done = self.expect(1, "--emit", "model", "-MD", "bad.msg")
        self.assertIn("bad.msg:2:13: error: unknown type 'int33'\n", done.stderr)
        self.assertEqual(self.files(), ["bad.msg", "good.msg"])

    def test_warnings_alone_give_0(self):
        self.write("warn.msg", "contract warn 1;\ntype a { x: int64; }\n")
        self.assertIn("warning: ", self.expect(0, "--emit", "model", "warn.msg").stderr)
        self.assertIn("warn.model.txt", self.files())

    def test_missing_file_gives_2(self):
        done = self.expect(2, "nowhere.msg")
        self.assertEqual(done.stderr, "msgc: error: cannot read 'nowhere.msg': No such file or directory\n")

    def test_folder_instead_of_a_file_gives_2(self):
        self.assertEqual(self.expect(2, ".").stderr, "msgc: error: cannot read '.': Is a directory\n")

    def test_wrong_command_lines_give_2(self):
        for arguments, words in (([], "no contract"), (["--frobnicate", "good.msg"], "--frobnicate"), (["-o"], "-o"),
                                 (["--emit", "java", "good.msg"], "java"), (["--emit"], "--emit"),
                                 (["-MF", "a.d", "good.msg", "bad.msg"], "-MF"), (["-x"], "-x")):
            with self.subTest(arguments=arguments):
                done = self.expect(2, *arguments)
                self.assertIn(words, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)
        self.assertEqual(self.files(), ["bad.msg", "good.msg"])

    def test_help_and_version_go_to_stdout(self):
        done = self.expect(0, "--help")
        self.assertTrue(done.stdout.startswith("Usage: msgc "))
        for word in ("-o DIR", "-I DIR", "--emit", "jsonschema", "--stubs", "-MF", "-MT", "-MP", "--version"):
            self.assertIn(word, done.stdout)
        self.assertRegex(self.expect(0, "--version").stdout, r"\Amsgc \d+\.\d+\.\d+\n\Z")

    def test_each_command_has_its_help(self):
        for command in ("check", "fmt", "diff", "init"):
            done = self.expect(0, "help", command)
            self.assertTrue(done.stdout.startswith(f"Usage: msgc {command} "))
            self.assertIn("Exit status: 0", done.stdout)
            for arguments in ((command, "--help"), (command, "x.msg", "-h")):
                self.assertEqual(self.expect(0, *arguments).stdout, done.stdout)
            self.assertIn(f"  {command} ", self.expect(0, "help").stdout)
        self.assertEqual(self.expect(0, "help").stdout, self.expect(0, "--help").stdout)
        self.assertLess(max(map(len, self.expect(0, "help", "check").stdout.splitlines())), 101)
        self.assertIn("no help on 'nothing'", self.expect(2, "help", "nothing").stderr)
        self.assertIn("no help on 'fmt'", self.expect(2, "help", "check", "fmt").stderr)

    def test_help_that_cannot_be_written_gives_2(self):
        with open("/dev/full", "w") as full:
            self.expect(2, "--help", stdout=full)

    def test_several_contracts_give_the_worst_status_and_all_messages(self):
        self.write("worse.msg", "contract worse 1;\ntype a { x: int34; }\n")
        done = self.expect(1, "--emit", "model", "bad.msg", "good.msg", "worse.msg")
        self.assertIn("int33", done.stderr)
        self.assertIn("int34", done.stderr)
        self.assertIn("good.model.txt", self.files())
        self.expect(2, "--emit", "model", "bad.msg", "nowhere.msg")

    def test_two_dashes_end_the_options(self):
        self.write("-odd.msg", "contract odd 1;\n")
        self.assertIn("file's name", self.expect(1, "--emit", "model", "--", "-odd.msg").stderr)

    # ---------------------------------------------------------------- commands

    def test_check_writes_nothing(self):
        self.assertEqual(self.expect(0, "check", "good.msg").stdout, "")
        self.assertIn("int33", self.expect(1, "check", "good.msg", "bad.msg").stderr)
        self.assertIn("cannot read", self.expect(2, "check", "bad.msg", "nowhere.msg").stderr)
        self.assertEqual(self.files(), ["bad.msg", "good.msg"])

    def test_commands_take_their_own_options_only(self):
        for arguments in (("check", "--emit", "c"), ("check", "-o", "x"), ("fmt", "-I", "x"), ("fmt", "-Werror"), ("diff", "--check"),
                          ("init", "-I", "x"), ("--check",), ("diff", "--stubs")):
            with self.subTest(arguments):
                done = self.expect(2, *arguments, "good.msg")
                self.assertRegex(done.stderr, r"\Amsgc: there is no option '[^']+'; see msgc (\w+ )?--help\n\Z")

    def test_a_command_is_the_first_word(self):
        self.write("fmt", "contract f 1;\n")
        self.expect(0, "--emit", "model", "./fmt")
        self.assertIn("cannot read 'check'", self.expect(2, "good.msg", "check").stderr)

    # -------------------------------------------------------------------- init

    def test_init_writes_three_files(self):
        done = self.expect(0, "init", "hello")
        files = ["hello/CMakeLists.txt", "hello/hello.msg", "hello/hello_handlers.c"]
        self.assertEqual([file for file in self.files() if "hello" in file], files)
        self.assertTrue(done.stdout.startswith("hello/hello.msg\nhello/hello_handlers.c\nhello/CMakeLists.txt\n"))
        self.expect(0, "check", "-Wall", "-Werror", "hello/hello.msg")
        self.expect(0, "fmt", "--check", "hello/hello.msg")

    def test_init_overwrites_nothing(self):
        for name in ("hello.msg", "hello_handlers.c", "CMakeLists.txt"):
            with self.subTest(name):
                self.write(f"there/{name}", "mine")
                done = self.expect(2, "init", "-o", "there", "hello")
                self.assertEqual((done.stdout, done.stderr), ("", f"msgc: 'there/{name}' exists; nothing is overwritten\n"))
                self.assertEqual(sorted(os.listdir(self.root / "there")), [name])
                (self.root / "there" / name).unlink()
        self.expect(0, "init", "-o", "there", "hello")

    def test_init_takes_names_of_contracts(self):
        for name in ("", "1a", "a-b", "a/b", "..", "ä", "a" * 33, "std", "msgc", "a.msg"):
            with self.subTest(name):
                self.assertIn(f"msgc: '{name}' cannot be a contract's name", self.expect(2, "init", name).stderr)
        for name in ("a", "A_1", "int", "test", "contract", "a" * 32):
            self.expect(0, "init", name)
            self.expect(0, "check", "-Wall", "-Werror", f"{name}/{name}.msg")
        self.assertIn("has no name", self.expect(2, "init").stderr)
        self.assertIn("one project is begun at a time", self.expect(2, "init", "a", "b").stderr)

    def test_init_where_it_cannot_write(self):
        self.assertIn("msgc: cannot write", self.expect(2, "init", "-o", "no/where", "hello").stderr)
        self.assertIn("msgc: cannot write", self.expect(2, "init", "-o", "good.msg", "hello").stderr)

    # -------------------------------------------------------------------- diff

    def test_diff_of_what_is_no_contract(self):
        self.assertIn("int33", self.expect(2, "diff", "good.msg", "bad.msg").stderr)
        self.assertIn("int33", self.expect(2, "diff", "bad.msg", "good.msg").stderr)
        self.assertIn("cannot read 'nowhere.msg'", self.expect(2, "diff", "nowhere.msg", "good.msg").stderr)
        for files in ((), ("good.msg",), ("good.msg",) * 3):
            self.assertIn("two contracts are compared", self.expect(2, "diff", *files).stderr)

    def test_diff_of_a_contract_and_itself(self):
        done = self.expect(0, "diff", "good.msg", "good.msg")
        self.assertEqual(done.stdout, "client -> server (old clients, new server):\n  nothing breaks\n"
                         "server -> client (new server, old clients):\n  nothing breaks\n"
                         "C callers (written for the old contract):\n  nothing breaks\n")
        for style in ("json", "github"):
            self.assertEqual(self.expect(0, "diff", f"--message-format={style}", "good.msg", "good.msg").stdout, "")

    def test_diff_for_programs(self):
        consumer = 'consumer c at "/" { receive m; }\n'
        self.write("old/good.msg", GOOD + consumer)
        self.write("new/good.msg", GOOD.replace("int32", "int8") + consumer)
        done = self.expect(1, "diff", "--message-format=json", "old/good.msg", "new/good.msg")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(found[0], {
            "side": "client_to_server", "rule": "number-range", "subject": "type a: x",
            "message": "the smallest value was -2147483648 and is -128",
            "reason": "the new server refuses some numbers that old clients send",
            "place": {"file": "new/good.msg", "line": 2, "column": 10}, "old": {"file": "old/good.msg", "line": 2, "column": 10}})
        self.assertEqual([one["side"] for one in found], ["client_to_server"] * 2 + ["c_callers"])
        done = self.expect(1, "diff", "--message-format=github", "old/good.msg", "new/good.msg")
        self.assertIn("::error file=new/good.msg,line=2,endLine=2,col=10,endColumn=11,title=msgc diff c-type::"
                      "good_a.x: was int32_t and is int8_t; callers use it as what it was\n", done.stdout)

    def test_diff_of_types_that_contain_each_other_without_end(self):
        chain = "".join(f"type t{i} {{ next: t{i + 1}[]; other?: t{i * 7919 % 20000}[]; map: map<t{i + 1}>; }}\n" for i in range(20000))
        for name, last in (("old", "int8"), ("new", "int16")):
            self.write(f"{name}.msg", f"contract chain 1;\n{chain}type t20000 {{ x: {last}; back: t0[]; }}\n"
                       'message m { t: t0; }\nconsumer c at "/" { receive m; send m; }\n')
        done = self.expect(1, "diff", "old.msg", "new.msg")
        self.assertEqual(done.stdout.count("type t20000: x: "), 4 - 2)
        self.assertEqual(done.stdout.count("\n"), 3 + 1 + 2 + 1)

    def test_diff_of_imported_types(self):
        for name, last in (("old", "int8"), ("new", "int8(min 0)")):
            self.write(f"{name}/parts.msg", f"contract parts 1;\ntype p {{ x: {last}; }}\n")
            self.write(f"{name}/main.msg", 'contract main 1;\nimport "parts.msg";\nmessage m { p: parts.p; }\n'
                       'consumer c at "/" { receive m; }\n')
        done = self.expect(1, "diff", "old/main.msg", "new/main.msg")
        self.assertIn("  new/parts.msg:2:10: type parts.p: x: the smallest value was -128 and is 0; ", done.stdout)

    # ---------------------------------------------------------------- warnings

    def warned(self, status, *arguments):
        self.write("warn.msg", "contract warn 1;\nimport \"good.msg\";\ntype a { x: int64; }\nmessage m { payload: a; }\n")
        return self.expect(status, "--emit", "model", "--diagnostic-ids", *arguments, "warn.msg").stderr

    def test_warnings_can_be_switched_off(self):
        self.assertEqual(self.warned(0).count("warning: "), 2)
        said = self.warned(0, "-W", "no-unused-import")
        self.assertIn("[javascript-number]", said)
        self.assertNotIn("[unused-import]", said)
        self.assertEqual(self.warned(0, "-Wno-unused-import", "-Wno-javascript-number"), "")

    def test_warnings_can_be_errors(self):
        said = self.warned(1, "-W", "error")
        self.assertEqual((said.count("error: "), said.count("warning: ")), (2, 0))
        self.assertNotIn("warn.model.txt", self.files())
        said = self.warned(1, "-W", "error=unused-import")
        self.assertEqual((said.count("error: "), said.count("warning: ")), (1, 1))
        self.assertEqual(self.warned(1, "-Werror", "-Wno-unused-import").count("error: "), 1)
        self.warned(0, "-Werror", "-Wno-unused-import", "-Wno-javascript-number")
        self.assertIn("warn.model.txt", self.files())

    def test_the_last_word_on_a_warning_counts(self):
        self.assertEqual(self.warned(0, "-Wno-unused-import", "-Wunused-import").count("warning: "), 2)
        self.assertEqual(self.warned(0, "-Werror=unused-import", "-Wno-unused-import").count("warning: "), 1)
        self.assertEqual(self.warned(1, "-Wno-unused-import", "-Werror").count("error: "), 1)

    def test_there_are_only_the_warnings_that_are(self):
        for words in ("no-nothing", "nothing", "error=nothing", "syntax", "no-syntax", ""):
            with self.subTest(words):
                self.assertEqual(self.expect(2, "-W", words, "good.msg").stderr,
                                 f"msgc: there is no warning '{words}'; see msgc check --help\n")

    # --------------------------------------------------------- message formats

    def messages(self, *arguments, status=1):
        done = self.expect(status, *arguments)
        self.assertEqual(done.stdout, "")
        return [json.loads(line) for line in done.stderr.splitlines()]

    def test_messages_as_json(self):
        self.write("a \"b\"\\.msg", "contract a 1;\nenum e { ä }\ntype t {\n\tx: strin;\n\tx: int64;\n}\n")
        self.write("two.msg", "contract two 1;\ntype t {\n    x: strin;\n    x: int64;\n}\ntype t { y: int8; }\n")
        found = self.messages("check", "--message-format=json", "two.msg")
        self.assertEqual(found[0], {
            "file": "two.msg", "line": 3, "column": 8, "end": {"line": 3, "column": 13}, "severity": "error",
            "id": "unknown-name", "message": "unknown type 'strin'", "notes": [], "hint": "did you mean 'string'?"})
        double = [one for one in found if one["id"] == "duplicate-name"]
        self.assertEqual(double[0]["notes"], [{"file": "two.msg", "line": 2, "column": 6, "end": {"line": 2, "column": 7},
                                               "message": "first declared here"}])
        self.assertEqual({one["severity"] for one in found}, {"error", "warning"} & {one["severity"] for one in found})
        found = self.messages("check", "--message-format", "json", "a \"b\"\\.msg")
        self.assertEqual({one["file"] for one in found}, {"a \"b\"\\.msg"})

    def test_messages_without_a_place_as_json(self):
        found = self.messages("--message-format=json", "nowhere.msg", status=2)
        self.assertEqual(found, [{"file": None, "line": None, "column": None, "end": None, "severity": "error", "id": "cannot-read",
                                  "message": "cannot read 'nowhere.msg': No such file or directory", "notes": [], "hint": None}])

    def test_json_is_text_whatever_a_file_is_called(self):
        name = os.fsdecode(b"no\xfftext.msg")
        self.write(name, BAD)
        done = subprocess.run([MSGC, "check", "--message-format=json", name], cwd=self.root, capture_output=True, timeout=60)
        self.assertEqual({json.loads(line)["file"] for line in done.stderr.decode().splitlines()}, {"no\ufffdtext.msg"})

    def test_columns_are_code_points_in_json(self):
        self.write("two.msg", "contract two 1;\ntype t { x as \"größe\": strin; }\n")
        found = self.messages("check", "--message-format=json", "two.msg")
        self.assertEqual((found[0]["column"], found[0]["end"]["column"]), (24, 29))

    def test_messages_for_github(self):
        self.write("a,b:c%.msg", "contract two 1;\ntype t { x: strin; }\ntype t { y: int64; }\n")
        lines = self.expect(1, "check", "--message-format=github", "a,b:c%.msg").stderr.splitlines()
        self.assertIn("::error file=a%2Cb%3Ac%25.msg,line=3,endLine=3,col=6,endColumn=7,title=msgc duplicate-name::"
                      "'t' is declared already%0Aa,b:c%25.msg:2:6: first declared here", lines)
        self.assertEqual([line for line in lines if not line.startswith(("::error ", "::warning "))], [])
        self.write("warn.msg", "contract warn 1;\ntype a { x: int64; }\nmessage m { payload: a; }\n")
        self.assertRegex(self.expect(0, "--emit", "model", "--message-format=github", "warn.msg").stderr,
                         r"\A::warning file=warn\.msg,line=2,endLine=2,col=13,endColumn=18,title=msgc javascript-number::[^\n]+\n\Z")
        self.assertEqual(self.expect(2, "--message-format=github", "nowhere.msg").stderr,
                         "::error title=msgc cannot-read::cannot read 'nowhere.msg': No such file or directory\n")

    # ----------------------------------------------------------------- outputs

    def test_outputs_go_to_the_folder_of_o(self):
        (self.root / "out").mkdir()
        self.expect(0, "--emit", "model", "-o", "out", "good.msg")
        self.expect(0, "--emit", "model", "-oout/", "good.msg")
        self.assertEqual(self.files(), ["bad.msg", "good.msg", "out/good.model.txt"])

    def test_c_is_written_by_default(self):
        self.expect(0, "good.msg")
        self.assertEqual(self.files(), ["bad.msg", "good.msg", "good.msgc.c", "good.msgc.h"])

    def test_emit_takes_a_list_and_may_be_repeated(self):
        self.expect(0, "--emit=jsonschema,model", "--emit", "c,model", "good.msg")
        self.assertEqual(self.files(), ["bad.msg", "good.model.txt", "good.msg", "good.msgc.c", "good.msgc.h",
                                        "good.schema.json"])

    def test_missing_output_folder_gives_2(self):
        done = self.expect(2, "--emit", "model", "-o", "nowhere", "good.msg")
        self.assertEqual(done.stderr, "msgc: cannot write 'nowhere/good.model.txt': No such file or directory\n")

    def test_output_that_is_a_folder_gives_2_and_leaves_no_temporary_file(self):
        (self.root / "good.model.txt").mkdir()
        self.assertIn("good.model.txt", self.expect(2, "--emit", "model", "good.msg").stderr)
        self.assertEqual(self.files(), ["bad.msg", "good.msg"])

    def test_one_unwritable_output_leaves_the_others_unwritten(self):
        done = self.expect(2, "--emit", "model", "-MF", "nowhere/good.d", "good.msg")
        self.assertIn("nowhere/good.d", done.stderr)
        self.assertEqual(self.files(), ["bad.msg", "good.msg"])

    def test_full_disk_gives_2_and_keeps_the_old_output(self):
        self.expect(0, "--emit", "model", "good.msg")
        old = (self.root / "good.model.txt").read_bytes()
        self.write("good.msg", GOOD + "message n;\n" * 1 + "".join(f"type t{i} {{ x: int32; }}\n" for i in range(2000)))
        limit = f"ulimit -f 1; trap '' XFSZ; exec '{MSGC}' --emit model good.msg"
        done = subprocess.run(["bash", "-c", limit], cwd=self.root, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot write 'good.model.txt'", done.stderr)
        self.assertEqual((self.root / "good.model.txt").read_bytes(), old)
        self.assertEqual(self.files(), ["bad.msg", "good.model.txt", "good.msg"])

    def test_unchanged_output_is_not_rewritten(self):
        arguments = ("--emit", "model,c,jsonschema", "-MD", "good.msg")
        self.expect(0, *arguments)
        outputs = [path for path in self.root.iterdir() if path.name not in ("good.msg", "bad.msg")]
        self.assertEqual(len(outputs), 5)
        for path in outputs:
            os.utime(path, ns=(10**9, 10**9))
        before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in outputs}
        self.expect(0, *arguments)
        self.assertEqual({path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in outputs}, before)

    def test_changed_output_is_rewritten(self):
        self.expect(0, "--emit", "model", "good.msg")
        before = (self.root / "good.model.txt").read_text()
        self.write("good.msg", GOOD + "message another;\n")
        self.expect(0, "--emit", "model", "good.msg")
        after = (self.root / "good.model.txt").read_text()
        self.assertNotEqual(before, after)
        self.assertIn("another", after)

    def test_output_that_is_a_beginning_of_the_new_one_is_rewritten(self):
        self.expect(0, "--emit", "model", "good.msg")
        path = self.root / "good.model.txt"
        whole = path.read_bytes()
        for text in (whole[:-1], whole + b"x", b""):
            path.write_bytes(text)
            self.expect(0, "--emit", "model", "good.msg")
            self.assertEqual(path.read_bytes(), whole)

    def test_bad_contract_leaves_the_old_output(self):
        self.expect(0, "--emit", "model", "good.msg")
        before = (self.root / "good.model.txt").read_bytes()
        self.write("good.msg", BAD)
        self.expect(1, "--emit", "model", "good.msg")
        self.assertEqual((self.root / "good.model.txt").read_bytes(), before)

    def test_outputs_are_as_readable_as_the_umask_says(self):
        subprocess.run(["bash", "-c", f"umask 027; exec '{MSGC}' --emit model good.msg"], cwd=self.root, check=True)
        self.assertEqual((self.root / "good.model.txt").stat().st_mode & 0o777, 0o640)

    def test_same_input_gives_same_bytes_from_anywhere(self):
        arguments = ("--emit", "model,c,jsonschema")
        for name in ("one", "two/deeper"):
            (self.root / name).mkdir(parents=True)
        self.expect(0, *arguments, "-o", "one", "good.msg")
        self.expect(0, *arguments, "-o", ".", self.root / "good.msg", cwd=self.root / "two/deeper")
        one = {path.name: path.read_bytes() for path in (self.root / "one").iterdir()}
        two = {path.name: path.read_bytes() for path in (self.root / "two/deeper").iterdir()}
        self.assertEqual(len(one), 4)
        self.assertEqual(one, two)

    def test_stubs_are_written_once(self):
        self.write("served.msg", 'contract served 1;\nmessage m;\nconsumer c at "/" { receive m; }\n')
        self.expect(0, "--stubs", "served.msg")
        path = self.root / "served_handlers.c"
        self.assertTrue(path.exists())
        self.assertTrue((self.root / "served.msgc.h").exists())
        path.write_text("mine\n")
        self.expect(0, "--stubs", "served.msg")
        self.assertEqual(path.read_text(), "mine\n")

    def test_emit_writes_what_it_names_and_nothing_else(self):
        self.write("served.msg", 'contract served 1;\nmessage m;\nconsumer c at "/" { receive m; }\n')
        for names, files in (("stubs", {"served_handlers.c"}), ("jsonschema", {"served.schema.json"}),
                             ("c", {"served.msgc.c", "served.msgc.h"})):
            (self.root / names).mkdir()
            self.expect(0, "--emit", names, "-o", names, "served.msg")
            self.assertEqual({path.name for path in (self.root / names).iterdir()}, files)

    def optimized(self, *arguments):
        """The header, and how many readers the source has."""
        self.expect(0, *arguments)
        source = (self.root / "good.msgc.c").read_text()
        return (self.root / "good.msgc.h").read_text(), source.count("static char *MSGC_OWN(")

    def test_optimize_size_writes_tables_alone_behind_the_same_header(self):
        usual = self.optimized("good.msg")
        self.assertEqual(usual[1], 2)
        self.assertEqual(self.optimized("--optimize", "speed", "good.msg"), usual)
        self.assertEqual(self.optimized("--optimize=size", "good.msg"), (usual[0], 0))
        self.assertEqual(self.optimized("--optimize", "auto", "good.msg"), usual)

    def test_what_is_nearest_to_messages_gets_readers_where_there_are_too_many(self):
        """A chain of records that each hold the next, and more of them that no message holds."""
        chain = [f"type c{i} {{ {'; '.join(f'm{j}: int32' for j in range(9))}; next: c{i + 1}; }}" for i in range(1000)]
        last = "type c1000 { x: int32; }"
        first = [f"type b{i} {{ x: int32; }}" for i in range(100)]
        self.write("good.msg", "\n".join(["contract good 1;", *first, *chain, last, "message m { payload: c0; }"]))
        _, readers = self.optimized("good.msg")
        self.assertEqual(readers, 1 + (200 - 2) // 11)
        source = (self.root / "good.msgc.c").read_text()
        self.assertIn("MSGC_OWN(good_c0)", source)
        self.assertNotIn("MSGC_OWN(good_c999)", source)
        self.assertNotIn("MSGC_OWN(good_b0)", source)
        self.assertIn(f"/*\n * Of 1102 records that readers could be for, the {readers} nearest to the messages have them;", source)
        self.assertEqual(self.optimized("--optimize", "speed", "good.msg")[1], 1102)
        self.assertNotIn("nearest", (self.root / "good.msgc.c").read_text())

    def test_optimize_takes_its_three_words(self):
        done = self.expect(2, "--optimize", "Size", "good.msg")
        self.assertEqual(done.stderr, "msgc: there is no '--optimize Size': auto, speed or size\n")
        self.expect(2, "--optimize")
        self.expect(2, "check", "--optimize", "size", "good.msg")

    # ----------------------------------------------------------------- imports

    def imports(self, *paths):
        """A contract that uses type `user` of accounts.msg, which lies in each of the paths, telling them apart."""
        for path in paths:
            self.write(f"{path}/accounts.msg", f"contract accounts 1;\ntype user {{ from_{path}: int32; }}\n")
        return self.write("main/main.msg", 'contract main 1;\nimport "accounts.msg";\ntype a { u: accounts.user; }\n')

    def depends(self, *arguments):
        return self.expect(0, "-M", *arguments).stdout

    def test_imports_are_looked_for_beside_the_file_first(self):
        self.imports("main", "one", "two")
        self.assertIn("main/main.msg \\\n main/accounts.msg\n", self.depends("-I", "one", "-I", "two", "main/main.msg"))

    def test_imports_are_looked_for_in_folders_in_order(self):
        self.imports("one", "two")
        self.assertIn(" one/accounts.msg", self.depends("-I", "empty", "-I", "one", "-Itwo", "main/main.msg"))
        self.assertIn(" two/accounts.msg", self.depends("-I", "two", "-I", "one", "main/main.msg"))

    def test_built_in_contracts_need_no_path(self):
        self.write("user.msg", 'contract user 1;\nimport "std.msg";\nconsumer c at "/" { receive std.ping -> std.pong; }\n')
        self.assertEqual(self.depends("user.msg"), "user.msgc.h user.msgc.c: user.msg\n")

    def test_built_in_contract_can_be_compiled_itself(self):
        std = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "std.msg"
        self.expect(0, "--emit", "model", std)
        self.assertIn("contract std 1 (built in)", (self.root / "std.model.txt").read_text())

    def test_one_file_under_two_names_is_one_contract(self):
        self.imports("one")
        (self.root / "link").symlink_to("one")
        self.write("main/other.msg", 'contract other 1;\nimport "../link/accounts.msg";\ntype b { u: accounts.user; }\n')
        self.write("main/main.msg", 'contract main 1;\nimport "../one/accounts.msg";\nimport "other.msg";\n'
                                    "type a { u: accounts.user; b: other.b; }\n")
        self.assertEqual(self.depends("main/main.msg").count("accounts.msg"), 1)

    def test_diamond_of_imports(self):
        self.write("base.msg", "contract base 1;\ntype t { x: int32; }\n")
        for name in ("left", "right"):
            self.write(f"{name}.msg", f'contract {name} 1;\nimport "base.msg";\ntype t {{ b: base.t; }}\n')
        self.write("top.msg", 'contract top 1;\nimport "left.msg";\nimport "right.msg";\ntype t { l: left.t; r: right.t; }\n')
        self.assertEqual(self.depends("top.msg"),
                         "top.msgc.h top.msgc.c: top.msg \\\n left.msg \\\n base.msg \\\n right.msg\n")

    def test_too_many_files(self):
        for i in range(300):
            self.write(f"c{i}.msg", f'contract c{i} 1;\nimport "c{i + 1}.msg";\ntype t {{ n: c{i + 1}.t; }}\n')
        self.write("c300.msg", "contract c300 1;\ntype t { x: int32; }\n")
        self.assertIn("error: more than 256 files in one contract [too-many-files]\n",
                      self.expect(1, "--diagnostic-ids", "--emit", "model", "c0.msg").stderr)
        self.expect(0, "--emit", "model", "c60.msg")

    def test_file_too_big(self):
        self.write("big.msg", "contract big 1;\n" + "//" + "x" * (4 * 1024 * 1024) + "\n")
        self.assertEqual(self.expect(2, "--diagnostic-ids", "big.msg").stderr,
                         "msgc: error: 'big.msg' is larger than 4 MiB [file-too-big]\n")
        self.write("importer.msg", 'contract importer 1;\nimport "big.msg";\n')
        self.assertIn("importer.msg:2:8: error: 'big.msg' is larger than 4 MiB",
                      self.expect(1, "--emit", "model", "importer.msg").stderr)

    def test_largest_file_is_read(self):
        head = "contract big 1;\ntype a { x: int32; }\n//"
        self.write("big.msg", head + "x" * (4 * 1024 * 1024 - len(head)))
        self.expect(0, "--emit", "model", "big.msg")

    # ------------------------------------------------------------ dependencies

    def test_depfile_names_outputs_and_imports(self):
        self.imports("one")
        (self.root / "out").mkdir()
        self.expect(0, "--emit", "c", "-I", "one", "-MD", "-o", "out", "main/main.msg")
        self.assertEqual((self.root / "out/main.d").read_text(),
                         "out/main.msgc.h out/main.msgc.c: main/main.msg \\\n one/accounts.msg\n")

    def test_depfile_where_asked(self):
        self.imports("one")
        self.expect(0, "--emit", "model", "-I", "one", "-MF", "here.d", "-MP", "main/main.msg")
        self.assertEqual((self.root / "here.d").read_text(),
                         "main.model.txt: main/main.msg \\\n one/accounts.msg\n\none/accounts.msg:\n")

    def test_depfile_targets(self):
        self.expect(0, "--emit", "model", "-MF", "here.d", "-MT", "a b", "-MT", "$c", "good.msg")
        self.assertEqual((self.root / "here.d").read_text(), "a\\ b $$c: good.msg\n")

    def test_depfile_quotes_as_make_reads(self):
        self.write("a dir#/$x/good.msg", GOOD)
        self.assertEqual(self.depends("a dir#/$x/good.msg"),
                         "good.msgc.h good.msgc.c: a\\ dir\\#/$$x/good.msg\n")
        self.write("Makefile", "all: good.model.txt\n\ngood.model.txt:\n\t@echo made $(words $^) $(notdir $^)\n\ninclude here.d\n")
        self.expect(0, "--emit", "model", "-M", "-MF", "here.d", "a dir#/$x/good.msg")
        done = subprocess.run(["make"], cwd=self.root, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("good.msg", done.stdout)

    def test_m_writes_nothing_else(self):
        self.expect(0, "-M", "good.msg")
        self.assertEqual(self.files(), ["bad.msg", "good.msg"])
        self.expect(1, "-M", "bad.msg")


def main():
    global MSGC
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    MSGC = str(pathlib.Path(sys.argv.pop(1)).resolve())
    program = unittest.main(argv=sys.argv, exit=False, verbosity=1)
    result = program.result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
