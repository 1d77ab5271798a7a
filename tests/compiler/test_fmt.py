#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""msgc fmt: layouts, the command line, files.

usage: test_fmt.py MSGC LAY_OUT [TEST…]
       test_fmt.py MSGC LAY_OUT regenerate     writes fmt/NAME.out anew; read the difference before you keep it

fmt/NAME.msg, laid out, is fmt/NAME.out.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CASES = HERE / "fmt"
MSGC = LAY_OUT = ""
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}

# Contracts that show how contracts look.
SHOWN = ["examples", "schemas"]
UGLY = "contract a 1;type b{x:int32;  // of b\nlonger:string;}\n"
PRETTY = "contract a 1;\ntype b {\n    x:      int32;                      // of b\n    longer: string;\n}\n"


def lay_out(text):
    done = subprocess.run([LAY_OUT], input=text, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def words(text):
    """Tokens and comments, without white space between them."""
    return [part.rstrip() for part in re.findall(rb'r"[^"\n]*"|"(?:[^"\\\n]|\\[^\n])*"|//[^\n]*|[\w\x80-\xff]+|[^\s\w]', text)]


class Layout(unittest.TestCase):
    def test_cases_are_laid_out_as_expected(self):
        names = sorted(CASES.glob("*.msg"))
        self.assertGreater(len(names), 5)
        for path in names:
            with self.subTest(path.name):
                self.assertEqual(lay_out(path.read_bytes()).decode(), path.with_suffix(".out").read_text())

    def test_cases_are_contracts(self):
        for path in sorted(CASES.glob("*.msg")):
            with self.subTest(path.name):
                done = subprocess.run([MSGC, "fmt", "-"], input=path.read_bytes(), capture_output=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(done.stdout.decode(), path.with_suffix(".out").read_text())

    def test_twice_is_once_and_words_stay(self):
        for path in sorted(ROOT.glob("**/*.msg")):
            text = path.read_bytes()
            done = subprocess.run([LAY_OUT], input=text, capture_output=True, timeout=60)
            if done.returncode or b"build" in path.parts:
                continue
            with self.subTest(str(path.relative_to(ROOT))):
                self.assertEqual(lay_out(done.stdout), done.stdout)
                self.assertEqual(words(done.stdout), words(text))

    def test_any_layout_of_the_same_words_gives_one(self):
        """But for blank lines and what stands behind a '{'."""
        for path in sorted(CASES.glob("*.out")):
            text = path.read_bytes()
            if b"//" in text:
                continue
            with self.subTest(path.name):
                spread = re.sub(rb'"(?:[^"\\\n]|\\.)*"|[;,(\[)\]=|](?=[ \n])', lambda word: word[0] + b"\n   ", text.replace(b"    ", b"\t"))
                self.assertEqual(lay_out(re.sub(rb"\n\s*\n", b"\n", spread)), re.sub(rb"\n\n", b"\n", text))

    def test_lines_fit_where_they_can(self):
        for path in sorted(CASES.glob("*.out")):
            for line in path.read_text().splitlines():
                if len(line) > 100:
                    self.assertRegex(line, r'"[^"]{40,}"|//', path.name)

    def test_line_ends_of_windows_and_the_byte_order_mark_go(self):
        self.assertEqual(lay_out(b"\xef\xbb\xbfcontract a 1;\r\n\r\n\r\n// b \t\r\nmessage c;\r\n"),
                         b"contract a 1;\n\n// b\nmessage c;\n")

    def test_empty_files(self):
        for text, result in ((b"", b""), (b"\n \n", b""), (b"// a", b"// a\n"), (b"\n\n// a\n\n\n// b\n\n", b"// a\n\n// b\n")):
            self.assertEqual(lay_out(text), result)

    def test_brackets_without_partners_are_signs(self):
        for text in (b"a } b", b"( ] ; {", b"map<a; b> c", b"((((", b"map<map<map<", b"a (b { c ) d }"):
            once = lay_out(text)
            self.assertEqual(lay_out(once), once)
            self.assertEqual(words(once), words(text))

    def test_deep_nesting_is_refused(self):
        for text in (b"(" * 300 + b")" * 300, b"{" * 300 + b"}" * 300):
            done = subprocess.run([LAY_OUT], input=text, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"this is nested too deeply [too-deep]", done.stderr)
            self.assertRegex(done.stderr, rb"hint: at most (?:256 brackets in each other are laid out|64 levels; give an inner part a name of its own)\n")
        lay_out(b"(" * 250 + b"a" + b")" * 250)

    def test_a_layout_that_would_be_too_large_is_refused(self):
        done = subprocess.run([LAY_OUT], input=b"{" * 200 + b"a;" * 100000 + b"}" * 200, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"laid out, this would be larger than 4 MiB [file-too-big]", done.stderr)

    def test_large_files_take_a_second_and_little_memory(self):
        member = b"m as \"x\"?: string(len 1..5)[](unique) = [\"a\", \"b\"]; // c\n"
        for text in (b"contract a 1;" + b"message b;" * 300000, b"a;" * 1000000, b"type a {" + member * 50000 + b"}",
                     b"[" + b"a," * 1000000 + b"]", b"a | " * 500000, b"map<a>" * 300000, b"({}," * 200 + b"()" * 100000):
            limit = "ulimit -v 400000; exec " + LAY_OUT if not os.environ.get("MSGC_SANITIZED") else "exec " + LAY_OUT
            done = subprocess.run(["bash", "-c", limit], input=text, capture_output=True, timeout=20)
            self.assertIn(done.returncode, (0, 1), done.stderr)


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write("a.msg", UGLY)

    def write(self, name, text):
        (self.root / name).write_text(text)

    def read(self, name):
        return (self.root / name).read_text()

    def fmt(self, status, *arguments, **options):
        done = subprocess.run([MSGC, "fmt", *map(str, arguments)], cwd=self.root, capture_output=True, text=True, timeout=60,
                              env=ENVIRONMENT, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def test_files_are_rewritten(self):
        self.write("b.msg", "contract b 1  ;")
        done = self.fmt(0, "a.msg", "b.msg")
        self.assertEqual((done.stdout, done.stderr), ("", ""))
        self.assertEqual((self.read("a.msg"), self.read("b.msg")), (PRETTY, "contract b 1;\n"))
        self.assertEqual(len(list(self.root.iterdir())), 2)

    def test_a_file_that_is_laid_out_is_not_touched(self):
        self.write("a.msg", PRETTY)
        path = self.root / "a.msg"
        os.utime(path, ns=(10**9, 10**9))
        before = (path.stat().st_ino, path.stat().st_mtime_ns)
        self.fmt(0, "a.msg")
        self.assertEqual((path.stat().st_ino, path.stat().st_mtime_ns), before)

    def test_mode_and_links_stay(self):
        path = self.root / "a.msg"
        path.chmod(0o640)
        (self.root / "link.msg").symlink_to("a.msg")
        self.fmt(0, "link.msg")
        self.assertTrue((self.root / "link.msg").is_symlink())
        self.assertEqual(self.read("a.msg"), PRETTY)
        self.assertEqual(path.stat().st_mode & 0o777, 0o640)

    def test_standard_input_to_standard_output(self):
        self.assertEqual(self.fmt(0, "-", input=UGLY).stdout, PRETTY)
        self.assertEqual(self.fmt(0, "-", input=PRETTY).stdout, PRETTY)
        self.assertEqual(self.fmt(1, "--check", "-", input=UGLY).stdout, "<stdin>\n")
        self.assertEqual(self.fmt(0, "--check", "-", input=PRETTY).stdout, "")

    def test_check_names_files_and_leaves_them(self):
        self.write("b.msg", "contract b 1;\n")
        done = self.fmt(1, "--check", "a.msg", "b.msg")
        self.assertEqual((done.stdout, done.stderr), ("a.msg\n", ""))
        self.assertEqual(self.read("a.msg"), UGLY)
        self.assertEqual(self.fmt(0, "--check", "b.msg").stdout, "")

    def test_check_for_programs(self):
        done = self.fmt(1, "--check", "--message-format=json", "a.msg")
        message = json.loads(done.stderr)
        self.assertEqual((message["file"], message["line"], message["column"], message["severity"], message["id"]),
                         ("a.msg", 1, 14, "error", "layout"))
        self.assertEqual(done.stdout, "")
        done = self.fmt(1, "--check", "--message-format=github", "a.msg")
        self.assertEqual(done.stderr, "::error file=a.msg,line=1,endLine=1,col=14,endColumn=14,title=msgc layout::"
                         "this is not the canonical layout%0Ahint: msgc fmt mends it\n")

    def test_diff_is_a_patch(self):
        for text in (UGLY, "contract a 1;", "contract a 1;\n\n\n\nmessage b ;\n\n" + "message c;\n" * 20 + "message  d;",
                     PRETTY + "message c{ }\n" + "message d;\n" * 5 + " message e;\n" + "message f;\n" * 9 + "message g ;\n",
                     "contract a 1;\n" + "".join(f"message m{i}{' ' * (i % 3)};\n" for i in range(4000))):
            self.write("a.msg", text)
            patch = self.fmt(1, "--diff", "a.msg").stdout
            self.assertEqual(self.read("a.msg"), text)
            subprocess.run(["patch", "-s", "-p0", "--fuzz=0"], input=patch, text=True, cwd=self.root, check=True)
            self.assertEqual(self.read("a.msg"), self.fmt(0, "-", input=text).stdout)
        self.assertEqual(self.fmt(0, "--diff", "a.msg").stdout, "")

    def test_diff_shows_three_lines_around(self):
        self.write("a.msg", "contract a 1;\n" + "message b;\n" * 9 + "message  c;\n" + "message d;\n" * 9)
        self.assertEqual(self.fmt(1, "--diff", "a.msg").stdout,
                         "--- a.msg\n+++ a.msg\n@@ -8,7 +8,7 @@\n" + " message b;\n" * 3 + "-message  c;\n+message c;\n" +
                         " message d;\n" * 3)

    def test_errors_of_syntax_leave_the_file(self):
        self.write("a.msg", "contract a 1;\ntype b{ x int32; }\n")
        done = self.fmt(1, "a.msg")
        self.assertIn("a.msg:2:11: error: unexpected 'int32'", done.stderr)
        self.assertEqual(self.read("a.msg"), "contract a 1;\ntype b{ x int32; }\n")
        self.assertEqual(self.fmt(1, "-", input="contract a 1;\ntype b{").stdout, "")
        self.assertIn('"id":"syntax"', self.fmt(1, "--message-format=json", "a.msg").stderr)

    def test_errors_of_meaning_and_warnings_do_not_matter(self):
        self.write("a.msg", "contract a 1;\nimport \"nowhere.msg\";\ntype b { x:nothing; }\n/// lost\n\n")
        done = self.fmt(0, "a.msg")
        self.assertEqual(done.stderr, "")
        self.assertEqual(self.read("a.msg"), "contract a 1;\nimport \"nowhere.msg\";\ntype b { x: nothing; }\n/// lost\n")

    def test_files_that_cannot_be_read_or_written(self):
        self.assertEqual(self.fmt(2, "nowhere.msg").stderr, "msgc: error: cannot read 'nowhere.msg': No such file or directory\n")
        self.assertIn("cannot read '.'", self.fmt(2, ".").stderr)
        self.fmt(2, "nowhere.msg", "a.msg")
        self.assertEqual(self.read("a.msg"), PRETTY)
        (self.root / "big.msg").write_text("//" + "x" * 4194304)
        self.assertIn("'big.msg' is larger than 4 MiB", self.fmt(2, "big.msg").stderr)

    def test_a_full_disk_leaves_the_old_file(self):
        self.write("a.msg", "contract a 1;" + "message b;" * 500)
        before = self.read("a.msg")
        done = subprocess.run(["bash", "-c", f"ulimit -f 1; trap '' XFSZ; exec '{MSGC}' fmt a.msg"], cwd=self.root,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot write", done.stderr)
        self.assertEqual(self.read("a.msg"), before)
        self.assertEqual([path.name for path in self.root.iterdir()], ["a.msg"])

    def test_a_full_standard_output_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([MSGC, "fmt", "-"], input=UGLY, text=True, stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 2)

    def test_wrong_command_lines(self):
        for arguments, complaint in (((), "no contract to lay out"), (("--emit", "c", "a.msg"), "there is no option '--emit'"),
                                     (("--message-format", "xml", "a.msg"), "there is no message format 'xml'")):
            done = self.fmt(2, *arguments)
            self.assertIn(complaint, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)

    def test_the_model_is_the_same_before_and_after(self):
        """Contracts of the tests, their line ends and blanks scattered."""
        seen = 0
        for path in sorted((ROOT / "tests" / "compiler" / "model").glob("*.msg")):
            name = path.name
            scattered = path.read_text().replace("; ", ";\n \t").replace(": ", " :   ").replace("{ ", "{").replace("(", " ( ")
            for file in path.parent.glob("*.msg"):
                self.write(file.name, file.read_text())
            self.write(name, scattered)
            models = []
            for _ in range(2):
                done = subprocess.run([MSGC, "--emit", "model", name], cwd=self.root, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                models.append(self.read(path.stem + ".model.txt"))
                self.fmt(0, name)
            self.assertEqual(models[0], models[1])
            self.assertNotEqual(self.read(name), scattered)
            seen += 1
        self.assertGreater(seen, 2)


class House(unittest.TestCase):
    def test_contracts_that_are_shown_are_laid_out(self):
        files = [path for folder in SHOWN for path in sorted((ROOT / folder).glob("**/*.msg"))]
        self.assertGreater(len(files), 3)
        done = subprocess.run([MSGC, "fmt", "--diff", *map(str, files)], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)


def regenerate():
    for path in sorted(CASES.glob("*.msg")):
        path.with_suffix(".out").write_bytes(lay_out(path.read_bytes()))


def main():
    global MSGC, LAY_OUT
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    MSGC, LAY_OUT = (str(pathlib.Path(sys.argv.pop(1)).resolve()) for _ in range(2))
    if sys.argv[1:] == ["regenerate"]:
        return regenerate()
    program = unittest.main(argv=sys.argv, exit=False, verbosity=1)
    result = program.result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
