// SPDX-License-Identifier: MIT
// The grammars of schemas/vim and schemas/vscode, run by Vim and by the engine of VS Code: they know the compiler's words, they agree on
// every token of every contract of the tree and of its documentation, and what must be a string, a comment, a number or a word is one.
//
// ROOT: the tree. EDITOR_VIM: the program ($VIM means something to Vim itself); without it, Vim's part is left out.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma");
const { Registry, INITIAL, parseRawGrammar } = require("vscode-textmate");

const { ROOT, EDITOR_VIM: VIM } = process.env;
const GRAMMAR = join(ROOT, "schemas/vscode/syntaxes/msg.tmLanguage.json");
const VIM_SYNTAX = join(ROOT, "schemas/vim/syntax/msg.vim");

/* ------------------------------------------------------------------------- words */

const source = (path) => readFileSync(join(ROOT, path), "utf8");
const grammar = JSON.parse(readFileSync(GRAMMAR, "utf8"));
const vimSyntax = readFileSync(VIM_SYNTAX, "utf8");
const listed = (text) => [...text.matchAll(/[a-z][a-z0-9_]*/g)].map(([word]) => word).sort();

/* The alternatives of a pattern's groups that hold nothing but words. */
const alternatives = (pattern) => [...pattern.matchAll(/\((?:\?:)?([a-z][a-z0-9_]*(?:\|[a-z0-9_]+)+)\)/g)].flatMap(([, words]) => words.split("|"));
const wordsOf = (name) => {
  const rules = grammar.repository[name].patterns ?? [grammar.repository[name]];
  return new Set(rules.flatMap(({ match }) => alternatives(match)));
};
const vimWords = (group) => new Set(vimSyntax.split("\n").filter((line) => line.startsWith(`syn match ${group} `)).flatMap((line) => alternatives(line.replaceAll("%(", "("))));
const sorted = (words) => [...words].sort();

const keywords = [.../\} keywords\[\] = \{(.*?)\};/s.exec(source("compiler/lexer.l"))[1].matchAll(/\{"(\w+)"/g)].map(([, word]) => word);
const scalars = [.../kind_names\[\] = \{(.*?)\};/s.exec(source("compiler/model.c"))[1].matchAll(/\[MODEL_(\w+)\] = "(\w+)"/g)].map(([, , word]) => word)
  .filter((word) => !["null", "enum", "record", "list", "map", "tuple", "union"].includes(word));
const constraints = [...source("compiler/check_constraints.c").matchAll(/\{"(\w+)", ON_\w+[^}]*FORM_/g)].map(([, word]) => word);
const RESERVED = ["and", "or", "not", "null", "true", "false"];
const known = (list) => sorted(new Set(list));

/* ----------------------------------------------------------------------- contracts */

const LEFT_OUT = /(^|\/)(node_modules|build[^/]*|diagnostics|seeds|diff|fmt)(\/|$)/;
const FENCE = /^```msg[^\n]*\n(.*?)^```$/gms;
const folder = mkdtempSync(join(tmpdir(), "msgc-highlight-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

function* walk(from) {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (entry.name.startsWith(".") || LEFT_OUT.test(relative(ROOT, path))) continue;
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

const SAMPLE = `// plain
/// doc \`code\`
//// plain again
contract sample 1;
import "other.msg";
option title = "A \\"title\\"";
type text = string(len 1..20, pattern r"^a\\b", trim);
enum level : int { low = -1, high = 2, ... }
closed type thing {
    type:    int53(min 1, max 5e3);
    name as "the:name"?: map<text> | null = null;
    and_so:  float64 deprecated "x";
    require type >= 2 and not has(name) : "no";
}
union body by kind { image as 3: thing; else json; }
group message said { payload: bytes(bytes ..4); }
consumer door at "/ws/{id}" (id: int53) {
    auth    session;
    receive said -> said | other.message;
    limit   frame 64KiB;
    limit   said 5 per 1s;
}
`;

/* [line, text on it, class]; the first place where the text stands behind what the line before in this list has found there. */
const EXPECTED = [
  [0, "//", "comment"], [1, "///", "doc"], [1, "code", "doc"], [2, "////", "comment"],
  [3, "contract", "declaration"], [3, "sample", "declared"], [3, "1", "number"], [4, "import", "declaration"], [4, "\"other.msg\"", "string"],
  [5, "option", "declaration"], [5, "title", "option"], [5, "=", "sign"], [5, "\"A", "string"], [5, "\\\"", "string"], [5, "title", "string"],
  [6, "type", "declaration"], [6, "text", "declared"], [6, "string", "type"], [6, "len", "constraint"], [6, "1", "number"], [6, "..", "sign"], [6, "20", "number"],
  [6, "pattern", "constraint"], [6, "r\"", "string"], [6, "\\b", "string"], [6, "trim", "constraint"],
  [7, "enum", "declaration"], [7, "level", "declared"], [7, "int", "name"], [7, "low", "name"], [7, "1", "number"], [7, "...", "sign"],
  [8, "closed", "modifier"], [8, "type", "declaration"], [8, "thing", "declared"],
  [9, "type", "member"], [9, "int53", "type"], [9, "min", "constraint"], [9, "5e3", "number"],
  [10, "name", "member"], [10, "as", "clause"], [10, "\"the:name\"", "string"], [10, "map", "type"], [10, "text", "name"], [10, "null", "constant"], [10, "null", "constant"],
  [11, "and_so", "member"], [11, "float64", "type"], [11, "deprecated", "modifier"],
  [12, "require", "clause"], [12, "type", "declaration"], [12, ">=", "sign"], [12, "and", "word"], [12, "not", "word"], [12, "has", "constraint"], [12, "name", "name"], [12, "\"no\"", "string"],
  [14, "union", "declaration"], [14, "body", "declared"], [14, "by", "clause"], [14, "kind", "name"], [14, "image", "member"], [14, "as", "clause"], [14, "3", "number"],
  [14, "thing", "name"], [14, "else", "clause"], [14, "json", "type"],
  [15, "group", "declaration"], [15, "message", "declaration"], [15, "said", "declared"], [15, "payload", "member"], [15, "bytes", "type"], [15, "bytes", "constraint"],
  [16, "consumer", "declaration"], [16, "door", "declared"], [16, "at", "clause"], [16, "\"/ws/{id}\"", "string"], [16, "id", "member"], [16, "int53", "type"],
  [17, "auth", "clause"], [17, "session", "name"], [18, "receive", "clause"], [18, "->", "sign"], [18, "|", "sign"], [18, "other", "name"], [18, "message", "name"],
  [19, "limit", "clause"], [19, "64KiB", "number"], [20, "per", "clause"], [20, "1s", "number"],
];

const contracts = [];
function add(label, text) {
  const path = join(folder, `${contracts.length}.msg`);
  writeFileSync(path, text);
  contracts.push({ label, text, path, tokens: tokensOf(text) });
}

/** The compiler's words, by its own rules: [{line, column, text, kind}]. */
function tokensOf(text) {
  const tokens = [];
  const rule = /\/\/.*|r"[^"\n]*"|"(?:[^"\\\n]|\\.)*"|\d+(?:\.\d+)?(?:[eE][+-]?\d+(?!\w)|[A-Za-z_]\w*)?|[A-Za-z_]\w*|->|\.\.\.|\.\.|[=!<>]=|\S/g;
  text.split("\n").forEach((content, line) => {
    for (const { 0: word, index } of content.matchAll(rule)) {
      const kind = word.startsWith("//") ? (/^\/\/\/(?!\/)/.test(word) ? "doc" : "comment") : /^r?"/.test(word) ? "string" : /^\d/.test(word) ? "number"
        : RESERVED.includes(word) ? (["and", "or", "not"].includes(word) ? "word" : "constant") : /^[A-Za-z_]/.test(word) ? "name" : "sign";
      tokens.push({ line, column: index, text: word, kind });
    }
  });
  return tokens;
}

add("the sample", SAMPLE);
for (const path of walk(ROOT)) {
  const label = relative(ROOT, path);
  if (path.endsWith(".msg")) add(label, readFileSync(path, "utf8"));
  if (path.endsWith(".md")) for (const [, text] of readFileSync(path, "utf8").matchAll(FENCE)) add(label, text);
}

/* ------------------------------------------------------------------------- engines */

const SCOPES = [["comment.line.documentation", "doc"], ["comment.", "comment"], ["string.", "string"], ["constant.numeric", "number"], ["variable.other.member", "member"],
  ["entity.name.type", "declared"], ["support.variable.option", "option"], ["keyword.operator.word", "word"], ["constant.language", "constant"],
  ["support.function.constraint", "constraint"], ["storage.type", "type"], ["storage.modifier", "modifier"], ["keyword.declaration", "declaration"],
  ["keyword.control.clause", "clause"], ["keyword.operator", "sign"]];
const GROUPS = { msgDoc: "doc", msgCode: "doc", msgTodo: "comment", msgComment: "comment", msgString: "string", msgRaw: "string", msgEscape: "string", msgNumber: "number",
  msgMember: "member", msgDeclared: "declared", msgOption: "option", msgWord: "word", msgConstant: "constant", msgConstraint: "constraint", msgType: "type",
  msgModifier: "modifier", msgDeclaration: "declaration", msgClause: "clause", msgOperator: "sign" };

async function loadTextMate() {
  const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new Registry({ onigLib: Promise.resolve({ createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns), createOnigString: (text) => new oniguruma.OnigString(text) }),
    loadGrammar: async () => parseRawGrammar(readFileSync(GRAMMAR, "utf8"), GRAMMAR) });
  return registry.loadGrammar("source.msg");
}

/** A function from (line, column) to a class. */
function classify(textmate, text) {
  let stack = INITIAL;
  const lines = text.split("\n").map((line) => {
    const done = textmate.tokenizeLine(line, stack);
    stack = done.ruleStack;
    return done.tokens;
  });
  return (line, column) => {
    const { scopes } = lines[line].find(({ startIndex, endIndex }) => startIndex <= column && column < endIndex);
    return SCOPES.find(([prefix]) => scopes.some((scope) => scope.startsWith(prefix)))?.[1] ?? "name";
  };
}

const textmate = await loadTextMate();
for (const contract of contracts) contract.textmate = classify(textmate, contract.text);

if (VIM) {
  const bytes = (text) => Buffer.byteLength(text);
  for (const { path, text, tokens } of contracts) {
    const lines = text.split("\n");
    writeFileSync(`${path}.places`, tokens.map(({ line, column }) => `${line + 1} ${bytes(lines[line].slice(0, column)) + 1}\n`).join(""));
  }
  const list = join(folder, "files");
  writeFileSync(list, contracts.map(({ path }) => `${path}\n`).join(""));
  const done = spawnSync(VIM, ["-es", "-N", "-u", "NONE", "-i", "NONE", "-n", "--cmd", `set runtimepath^=${join(ROOT, "schemas/vim")}`, "-S", join(ROOT, "tests/highlight/dump.vim")],
    { encoding: "utf8", env: { ...process.env, FILES: list }, timeout: 120_000 });
  for (const contract of contracts) {
    const [filetype, ...groups] = readFileSync(`${contract.path}.groups`, "utf8").split("\n");
    assert.equal(filetype, "msg", `${contract.label}: ${done.stderr}${done.stdout}`);
    contract.vim = groups.slice(0, contract.tokens.length).map((group) => group === "" ? "name" : GROUPS[group] ?? group);
  }
}

/* --------------------------------------------------------------------------- tests */

const count = { tokens: 0, classes: new Map() };

test("both know the lexer's keywords, the scalars and the constraints, and nothing else", () => {
  assert.ok(keywords.length >= 45 && scalars.length >= 20 && constraints.length >= 12, `${[keywords.length, scalars.length, constraints.length]}`);
  const words = keywords.filter((word) => !RESERVED.includes(word) && word !== "map");
  assert.deepEqual(sorted(wordsOf("words")), known(words));
  assert.deepEqual(sorted(new Set([...vimWords("msgClause"), ...vimWords("msgModifier"), ...vimWords("msgDeclaration")])), known(words));
  assert.deepEqual(sorted(wordsOf("types")), known([...scalars, "map"]));
  assert.deepEqual(sorted(vimWords("msgType")), known([...scalars, "map"]));
  /* `as` and `check` are keywords as well; `has` is a function of conditions. */
  const asked = known([...constraints.filter((word) => !keywords.includes(word)), "has"]);
  assert.deepEqual(sorted(wordsOf("constraints")), asked);
  assert.deepEqual(sorted(vimWords("msgConstraint")), asked);
  assert.deepEqual(sorted(wordsOf("reserved")), known(RESERVED));
  assert.deepEqual(sorted(new Set([...vimWords("msgWord"), ...vimWords("msgConstant")])), known(RESERVED));
});

test("a contract of everything, token by token", () => {
  const lines = SAMPLE.split("\n");
  const seen = new Map();
  for (const [line, text, expected] of EXPECTED) {
    const column = lines[line].indexOf(text, seen.get(line) ?? 0);
    assert.ok(column >= 0, `${line}: ${text}`);
    seen.set(line, column + text.length);
    assert.equal(contracts[0].textmate(line, column), expected, `line ${line + 1}: ${text}`);
  }
});

for (const { label, tokens, textmate: classOf } of contracts) {
  test(`${label}: strings, comments, numbers and reserved words are what they are`, () => {
    for (const { line, column, text, kind } of tokens) {
      const found = classOf(line, column);
      const where = `${label}:${line + 1}:${column + 1} ${text}`;
      count.tokens++;
      count.classes.set(found, (count.classes.get(found) ?? 0) + 1);
      if (kind === "name") assert.ok(!["string", "comment", "doc", "number", "word", "constant", "sign"].includes(found), `${where} is ${found}`);
      else if (kind === "sign") assert.ok(["sign", "name"].includes(found), `${where} is ${found}`);
      else assert.equal(found, kind, where);
      if (["string", "comment", "doc", "number"].includes(kind)) assert.equal(classOf(line, column + text.length - 1), kind, `${where}, its end`);
    }
  });
}

test("Vim and VS Code see the same", { skip: VIM ? false : "there is no vim" }, () => {
  for (const { label, tokens, textmate: classOf, vim } of contracts)
    tokens.forEach(({ line, column, text }, i) => assert.equal(vim[i], classOf(line, column), `${label}:${line + 1}:${column + 1} ${text}`));
});

test("all of this has been looked at", () => {
  console.log(count.tokens, JSON.stringify(Object.fromEntries(count.classes)));
  assert.ok(contracts.length >= 80 && count.tokens >= 8000, `${contracts.length} ${count.tokens}`);
  for (const kind of [...SCOPES.map(([, name]) => name), "name"]) assert.ok((count.classes.get(kind) ?? 0) >= 10, kind);
});
