#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""msgc as it is installed: projects outside the tree that use it. usage: check_package.py BUILD_DIR

Installs the build into a folder of its own, then walks through docs/getting-started.md: stubs, find_package(msgc),
build, run, speak. Then the same server by pkg-config, and what rebuilds when an imported contract changes.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from wsclient import Client, Server  # noqa: E402

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
HERE = pathlib.Path(__file__).parent.resolve()
HELLO = HERE / "hello"


def run(*command, cwd=None, env=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.prefix = pathlib.Path(cls.folder.name) / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.msgc = cls.prefix / "bin" / "msgc"
        libdirs = [p.parent for p in cls.prefix.glob("**/msgc.pc")]
        assert len(libdirs) == 1, libdirs
        cls.environment = dict(os.environ, PKG_CONFIG_PATH=str(libdirs[0]))
        # Where the build makes shared libraries, programs linked without a run path find them here.
        os.environ["LD_LIBRARY_PATH"] = str(libdirs[0].parent)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def project(self, name, *files):
        folder = pathlib.Path(self.folder.name) / name
        folder.mkdir()
        for file in files:
            shutil.copy(file, folder)
        return folder

    def build(self, folder, *options):
        run("cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            "-DCMAKE_C_FLAGS=-Wall -Wextra -Wconversion -Werror", *options)
        return run("cmake", "--build", folder / "build")

    def greet(self, program, path="/ws/hello/"):
        with Server(program) as server:
            client = Client(server.port, path)
            self.assertEqual(client.receive()["payload"]["status_code"], 200)
            client.send({"action": "greet", "payload": {"name": " Ada "}, "ref": "1"})
            answer = client.receive()
            client.close()
            self.assertEqual(server.stop(), 0)
        return answer

    def test_stubs_build_and_serve(self):
        folder = self.project("stubs", HELLO / "hello.msg", HELLO / "CMakeLists.txt")
        run(self.msgc, "--emit", "stubs", "hello.msg", cwd=folder)
        self.build(folder)
        answer = self.greet(folder / "build" / "hello")
        self.assertEqual(answer["action"], "error")
        self.assertEqual(answer["payload"]["reason"], "refused")
        # A header beside the sources would hide the build's, which follows the contract.
        self.assertEqual({path.name for path in folder.glob("hello*")}, {"hello.msg", "hello_handlers.c"})

    def test_a_begun_project_builds_and_serves(self):
        folder = pathlib.Path(self.folder.name)
        said = run(self.msgc, "init", "test", "-o", "begun", cwd=folder)
        self.assertIn("cmake -S begun -B begun/build && cmake --build begun/build && begun/build/test_server\n", said)
        self.build(folder / "begun")
        answer = self.greet(folder / "begun" / "build" / "test_server", "/ws/")
        self.assertEqual((answer["action"], answer["payload"]["reason"]), ("error", "refused"))
        self.assertEqual(run(self.msgc, "check", "-Wall", "-Werror", "begun/test.msg", cwd=folder), "")
        self.assertEqual(run(self.msgc, "fmt", "--check", "begun/test.msg", cwd=folder), "")
        self.assertEqual(run(self.msgc, "diff", "begun/test.msg", "begun/test.msg", cwd=folder).count("nothing breaks"), 3)

    def test_stubs_are_not_overwritten(self):
        folder = self.project("mine", HELLO / "hello.msg", HELLO / "hello_handlers.c")
        mine = (folder / "hello_handlers.c").read_text()
        for options in (["--emit", "stubs"], ["--stubs"]):
            subprocess.run([self.msgc, *options, "hello.msg"], cwd=folder, capture_output=True)
        self.assertEqual((folder / "hello_handlers.c").read_text(), mine)

    def test_finished_server_greets(self):
        folder = self.project("hello", *(HELLO / f for f in ("hello.msg", "CMakeLists.txt", "hello_handlers.c")))
        self.build(folder)
        self.assertEqual(self.greet(folder / "build" / "hello"),
                         {"action": "greeting", "payload": "Hello, Ada!", "ref": "1"})

    def test_pkg_config_is_enough(self):
        folder = self.project("plain", HELLO / "hello.msg", HELLO / "hello_handlers.c")
        run(self.msgc, "--emit", "c", "-o", ".", "hello.msg", cwd=folder)
        flags = run("pkg-config", "--cflags", "--libs", "msgc", env=self.environment).split()
        run("cc", "-std=c11", "hello_handlers.c", "hello.msgc.c", "-o", "hello", *flags, cwd=folder)
        self.assertEqual(self.greet(folder / "hello")["payload"], "Hello, Ada!")

    def test_codec_alone_needs_no_server(self):
        folder = self.project("codec", HELLO / "hello.msg")
        text = (folder / "hello.msg").read_text()
        (folder / "hello.msg").write_text(text[: text.index("consumer")])
        (folder / "main.c").write_text(CODEC_MAIN)
        run(self.msgc, "--emit", "c", "-o", ".", "hello.msg", cwd=folder)
        flags = run("pkg-config", "--cflags", "--libs", "msgc-codec", env=self.environment).split()
        run("cc", "-std=c11", "main.c", "hello.msgc.c", "-o", "main", *flags, cwd=folder)
        self.assertEqual(run(folder / "main"), "Ada\n")
        self.assertNotIn("websockets", run("ldd", folder / "main"))

    def test_a_changed_import_rebuilds(self):
        folder = self.project("import")
        (folder / "shared").mkdir()
        shared = folder / "shared" / "shared.msg"
        shared.write_text("contract shared 1;\ntype name = string(len 1..5);\n")
        (folder / "main.msg").write_text(
            "contract main 1;\nimport \"shared.msg\";\nmessage hello { payload: shared.name; }\n")
        (folder / "main.c").write_text(IMPORT_MAIN)
        (folder / "CMakeLists.txt").write_text(IMPORT_CMAKE)
        self.build(folder)
        program = folder / "build" / "program"
        self.assertEqual(run(program), "refused\n")
        shared.write_text("contract shared 1;\ntype name = string(len 1..9);\n")
        run("cmake", "--build", folder / "build")
        self.assertEqual(run(program), "abcdefg\n")
        self.assertTrue((folder / "build" / "generated" / "main.schema.json").exists())
        self.assertIn("no work to do", run("cmake", "--build", folder / "build"))

    def test_jwt_is_a_component(self):
        folder = self.project("jwt")
        (folder / "main.c").write_text(JWT_MAIN)
        (folder / "CMakeLists.txt").write_text(JWT_CMAKE)
        self.build(folder)
        self.assertEqual(run(folder / "build" / "program"), "MSGC_EINVAL\n")
        flags = run("pkg-config", "--cflags", "--libs", "msgc-jwt", env=self.environment).split()
        run("cc", "-std=c11", "main.c", "-o", "plain", *flags, cwd=folder)
        self.assertEqual(run(folder / "plain"), "MSGC_EINVAL\n")

    def test_sqlite_is_a_component(self):
        folder = self.project("sqlite")
        (folder / "main.c").write_text(SQLITE_MAIN)
        (folder / "CMakeLists.txt").write_text(JWT_CMAKE.replace("jwt", "sqlite"))
        self.build(folder)
        self.assertEqual(run(folder / "build" / "program"), "MSGC_EINVAL\n")
        flags = run("pkg-config", "--cflags", "--libs", "msgc-sqlite", env=self.environment).split()
        run("cc", "-std=c11", "main.c", "-o", "plain", *flags, cwd=folder)
        self.assertEqual(run(folder / "plain"), "MSGC_EINVAL\n")

    def test_json_c_is_a_component(self):
        folder = self.project("json_c")
        (folder / "main.c").write_text(JSON_C_MAIN)
        (folder / "CMakeLists.txt").write_text(JWT_CMAKE.replace("jwt", "json_c"))
        self.build(folder)
        self.assertEqual(run(folder / "build" / "program"), "[ 1, 2 ]\n")
        flags = run("pkg-config", "--cflags", "--libs", "msgc-json-c", env=self.environment).split()
        run("cc", "-std=c11", "main.c", "-o", "plain", *flags, cwd=folder)
        self.assertEqual(run(folder / "plain"), "[ 1, 2 ]\n")

    def test_the_kit_is_a_component(self):
        folder = self.project("kit")
        (folder / "main.c").write_text("#include <msgc/test.h>\nint main(void)\n{\n\treturn 0;\n}\n")
        (folder / "CMakeLists.txt").write_text(JWT_CMAKE.replace("jwt", "test"))
        self.build(folder)
        run(folder / "build" / "program")

    def test_an_unknown_component_is_refused(self):
        folder = self.project("unknown")
        (folder / "CMakeLists.txt").write_text(JWT_CMAKE.replace("jwt", "telepathy"))
        with self.assertRaises(AssertionError) as caught:
            self.build(folder)
        self.assertIn("telepathy", str(caught.exception))

    def test_makefiles_do_as_well(self):
        folder = self.project("make", *(HELLO / f for f in ("hello.msg", "CMakeLists.txt", "hello_handlers.c")))
        run("cmake", "-G", "Unix Makefiles", "-S", folder, "-B", folder / "build",
            f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", folder / "build")
        self.assertEqual(self.greet(folder / "build" / "hello")["payload"], "Hello, Ada!")
        self.assertNotIn("Building C", run("cmake", "--build", folder / "build"))

    def test_a_bad_contract_stops_the_build(self):
        folder = self.project("bad", *(HELLO / f for f in ("hello.msg", "CMakeLists.txt", "hello_handlers.c")))
        (folder / "hello.msg").write_text("contract hello 1;\nmessage greet { payload: strin; }\n")
        with self.assertRaises(AssertionError) as caught:
            self.build(folder)
        self.assertRegex(str(caught.exception), r"hello\.msg:2:\d+: error: ")


CODEC_MAIN = """
#include <stdio.h>
#include "hello.msgc.h"
int main(void)
{
	static const char text[] = "{\\"action\\":\\"greet\\",\\"payload\\":{\\"name\\":\\"Ada\\"}}";
	struct msgc_arena arena = {0};
	struct hello_greet greet;

	if (hello_greet_decode(text, sizeof(text) - 1, NULL, &arena, &greet, NULL) != MSGC_OK)
		return 1;
	puts(msgc_str_c(greet.payload.name));
	msgc_arena_free(&arena);
	return 0;
}
"""

IMPORT_MAIN = """
#include <stdio.h>
#include "main.msgc.h"
int main(void)
{
	static const char text[] = "{\\"action\\":\\"hello\\",\\"payload\\":\\"abcdefg\\"}";
	struct msgc_arena arena = {0};
	struct main_hello hello;
	int result = main_hello_decode(text, sizeof(text) - 1, NULL, &arena, &hello, NULL);

	puts(result == MSGC_OK ? msgc_str_c(hello.payload) : "refused");
	msgc_arena_free(&arena);
	return 0;
}
"""

IMPORT_CMAKE = """
cmake_minimum_required(VERSION 3.25)
project(program LANGUAGES C)
find_package(msgc REQUIRED)
add_executable(program main.c)
msgc_generate(TARGET program CONTRACTS main.msg shared/shared.msg EMIT c jsonschema
	IMPORT_DIRS shared OUTPUT_DIR generated)
target_link_libraries(program PRIVATE msgc::codec)
"""

JWT_MAIN = """
#include <stdio.h>
#include <msgc/jwt.h>
int main(void)
{
	struct msgc_jwt_keys *keys = msgc_jwt_keys_new();
	int result = msgc_jwt_keys_add(keys, MSGC_JWT_HS256, NULL, msgc_str_from("short"), NULL);

	puts(msgc_error_name(result));
	msgc_jwt_keys_free(keys);
	return 0;
}
"""

SQLITE_MAIN = """
#include <stdio.h>
#include <msgc/sqlite.h>
int main(void)
{
	puts(msgc_error_name(msgc_server_use_sqlite(NULL, NULL)));
	return 0;
}
"""

JSON_C_MAIN = """
#include <json-c/json.h>
#include <msgc/json_c.h>
#include <stdio.h>
int main(void)
{
	struct json_object *opened;

	if (msgc_json_open((struct msgc_json){"[1,2]", 5}, &opened) != MSGC_OK)
		return 1;
	puts(json_object_to_json_string(opened));
	json_object_put(opened);
	return 0;
}
"""

JWT_CMAKE = """
cmake_minimum_required(VERSION 3.25)
project(program LANGUAGES C)
find_package(msgc 0.1 REQUIRED COMPONENTS jwt)
add_executable(program main.c)
target_link_libraries(program PRIVATE msgc::jwt)
"""

if __name__ == "__main__":
    unittest.main()
