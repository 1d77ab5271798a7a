#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every public header stands alone and may come twice, as C and as C++, without a warning in the eyes of a program that treats
it as its own (-I, not -isystem).

usage: check_headers.py INCLUDE_FOLDER… (the msgc/ in each is what a program gets)
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

WARNINGS = ("-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wvla -Wpointer-arith -Wwrite-strings -Wundef "
            "-Wcast-qual -Wformat=2 -Werror").split()
C_WARNINGS = WARNINGS + ["-Wstrict-prototypes", "-Wmissing-prototypes", "-Wold-style-definition"]
PLUS_WARNINGS = WARNINGS + ["-Wold-style-cast", "-Wnon-virtual-dtor"]
# suffix: compilers, standards, warnings
LANGUAGES = {
    "c": (("gcc", "clang"), ("c11", "gnu11"), C_WARNINGS),
    "cc": (("g++", "clang++"), ("c++11", "c++20"), PLUS_WARNINGS),
}


def units(folders, out):
    """One file for each header, and one for all of them in both orders."""
    names = sorted({f"msgc/{path.name}" for folder in folders for path in (folder / "msgc").glob("*.h")})
    texts = {name.replace("/", "_").replace(".", "_"): [name, name] for name in names}
    texts["all"] = names + names[::-1]
    for suffix in LANGUAGES:
        for stem, includes in texts.items():
            path = out / f"{stem}.{suffix}"
            path.write_text("".join(f"#include <{name}>\n" for name in includes) + "int header_is_read;\n")
            yield suffix, path


def main():
    folders = [pathlib.Path(folder) for folder in sys.argv[1:]]
    bad = count = 0
    with tempfile.TemporaryDirectory() as out:
        for suffix, path in units(folders, pathlib.Path(out)):
            compilers, standards, warnings = LANGUAGES[suffix]
            found = [compiler for compiler in compilers if shutil.which(compiler)]
            if not found:
                sys.exit(f"none of {compilers} is here")
            for compiler in found:
                for standard in standards:
                    job = [compiler, f"-std={standard}", *warnings, *(f"-I{folder}" for folder in folders), "-fsyntax-only", str(path)]
                    count += 1
                    if subprocess.run(job).returncode != 0:
                        bad += 1
                        print("failed:", " ".join(job))
    print(f"{count} compilations, {bad} failed")
    return 1 if bad or count < 2 * len(LANGUAGES) else 0


if __name__ == "__main__":
    sys.exit(main())
