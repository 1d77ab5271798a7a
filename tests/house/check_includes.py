#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where an include runs against the arrows of docs/architecture.md.

usage: check_includes.py ROOT
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.M)

# folder: words that its includes must not hold
FORBIDDEN = {
    "runtime/codec": ["server", "consumer.h", "http", "libwebsockets", "transport", "backend", "ev.h", "json-c", "openssl", "pthread"],
    "runtime/server": ["libwebsockets", "ev.h", "lws", "openssl", "sqlite", "json-c", "memory.h", "zlib"],
    "runtime/deflate": ["libwebsockets", "ev.h", "lws", "server", "transport"],
    "runtime/backends": ["libwebsockets", "ev.h", "lws", "transport"],
    "runtime/client": ["libwebsockets", "ev.h", "lws", "openssl", "sqlite", "json-c", "server.h", "transport", "zlib"],
    "runtime/json_c": ["server", "consumer.h", "http", "libwebsockets", "transport", "internal"],
    "runtime/jwt": ["libwebsockets", "server_internal", "transport", "json-c"],
    "runtime/include": ["libwebsockets", "ev.h", "json-c", "openssl", "transport", "internal"],
    "examples": ["internal", "transport.h", "backend.h", "codec_gen.h", "libwebsockets"],
}
# In the compiler: a file may include only from its own stage or an earlier one; emitters know nothing of syntax.
EMITTER_FORBIDDEN = ["ast.h", "lexer", "parser", "check"]
MODEL_FORBIDDEN = ["emit", "parser", "lexer"]


def main():
    root = pathlib.Path(sys.argv[1])
    bad, seen = [], 0
    for folder, words in FORBIDDEN.items():
        for path in sorted((root / folder).rglob("*.[ch]")):
            seen += 1
            check(path, root, words, bad)
    for path in sorted((root / "compiler").glob("*.[ch]")):
        seen += 1
        if path.name.startswith("emit"):
            check(path, root, EMITTER_FORBIDDEN, bad)
        elif path.name in ("model.h", "ast.h", "ast.c", "source.c", "source.h", "diag.c", "diag.h"):
            check(path, root, MODEL_FORBIDDEN, bad)
    for line in bad:
        print(line)
    print(f"{seen} files read, {len(bad)} arrows run backwards")
    return 1 if bad or not seen else 0


def check(path, root, words, bad):
    for name in INCLUDE.findall(path.read_text()):
        for word in words:
            if word in name and pathlib.PurePath(name).name not in ALLOWED.get((str(path.relative_to(root).parent)), []):
                bad.append(f"{path.relative_to(root)}: must not include {name} ({word})")


# Names that only look like one of the words.
ALLOWED = {
    "runtime/server": ["transport.h", "server.h"],
    "runtime/include/msgc": ["server.h"],
}

if __name__ == "__main__":
    sys.exit(main())
