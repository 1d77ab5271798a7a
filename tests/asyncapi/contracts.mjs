// SPDX-License-Identifier: MIT
// Every contract of the tree, and every example of its documentation, compiled into a folder of the operating system's. A folder for each
// folder of contracts, since names repeat.
//
// MSGC: the compiler; ROOT: the tree.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";

const { MSGC, ROOT } = process.env;
/* Contracts that are meant to be wrong, or are there for their layout alone. */
const LEFT_OUT = /(^|\/)(node_modules|build[^/]*|diagnostics|seeds|diff|tests\/compiler\/fmt)(\/|$)/;
const FENCE = /^```msg([^\n]*)\n(.*?)^```$/gms;

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (LEFT_OUT.test(relative(ROOT, path)) || entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

/** Examples that are whole contracts: the same that tests/docs compiles. */
function* examples(page) {
  for (const [, words, text] of readFileSync(page, "utf8").matchAll(FENCE)) {
    const name = /^\s*contract\s+(\w+)/m.exec(text);
    if (name && !words.includes("fragment") && !words.includes("file=")) yield [name[1], text];
  }
}

/** [{ label, folder, stem }]: contracts that have been compiled to these outputs, and the folder to remove afterwards. */
export function compileAll(outputs) {
  const top = mkdtempSync(join(tmpdir(), "msgc-documents-"));
  const made = [];
  const compile = (source, label) => {
    const folder = join(top, dirname(label).replaceAll("/", "-") || "top");
    mkdirSync(folder, { recursive: true });
    const done = spawnSync(MSGC, ["--emit", outputs, "-o", folder, source], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`${label}: ${done.stderr}`);
    made.push({ label, folder, source, stem: basename(label, ".msg") });
  };
  for (const path of walk(ROOT)) {
    const label = relative(ROOT, path);
    if (path.endsWith(".msg")) compile(path, label);
    if (!path.endsWith(".md")) continue;
    for (const [name, text] of examples(path)) {
      const folder = join(top, "examples", label);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${name}.msg`), text);
      compile(join(folder, `${name}.msg`), join(label, `${name}.msg`));
    }
  }
  return { made, remove: () => rmSync(top, { recursive: true }) };
}
