// SPDX-License-Identifier: MIT
// Patterns compiled by msgc give ECMAScript's verdicts (flag u), and are refused where it refuses them.
//
// JUDGE: the program of judge.c; SEED, COUNT: which patterns (random: nobody knows), and how many; each is held against 20 texts.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

import { Maker } from "./generate.mjs";

const { JUDGE, COUNT = "3000" } = process.env;
const SEED = process.env.SEED === "random" ? String(Math.floor(Math.random() * 1e9)) : (process.env.SEED ?? "1");
const TEXTS = 20;

const hex = (text) => Buffer.from(text).toString("hex");

function judge(cases) {
  const input = cases.map(({ pattern, texts }) => `P${hex(pattern)}\n${texts.map((text) => `T${hex(text)}\n`).join("")}`).join("");
  const done = spawnSync(JUDGE, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  assert.equal(done.status, 0, done.stderr);
  const lines = done.stdout.split("\n").slice(0, -1);
  let at = 0;
  const verdicts = cases.map(({ texts }) => ({ result: lines[at++], matches: texts.map(() => lines[at++]) }));
  assert.equal(at, lines.length);
  return verdicts;
}

function compile(pattern) {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return null;
  }
}

const context = vm.createContext({ regexp: null, texts: null });
const script = new vm.Script("texts.map((text) => (regexp.test(text) ? '1' : '0'))");

/** ECMAScript's verdicts, or null where its engine takes more than half a second: it tries all ways there are. */
function expected(regexp, texts) {
  Object.assign(context, { regexp, texts });
  try {
    return script.runInContext(context, { timeout: 500 });
  } catch (error) {
    if (error.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return null;
  }
}

/**
 * The specification steps from code point to code point; V8 also looks for empty matches between the two halves of one, where there is
 * no edge of a word: /\\B/u matches "b😀9" there, and nowhere else.
 */
const splitsPairs = (pattern, text) => pattern.includes("\\B") && /[^\0-\uffff]/u.test(text);

/** What this language leaves out: look-around, back-references, flags. */
const LEFT_OUT = /\(\?(?!:|<[^=!])|\\[1-9k]/u;

/** Newer engines take a name twice, in two alternatives. */
function namesTwice(pattern) {
  const names = pattern.match(/\(\?<[^>=!]*>/gu) ?? [];
  return new Set(names).size !== names.length;
}

function make(i) {
  const maker = new Maker(Number(SEED) * 7919 + i);
  const node = maker.pattern();
  const pattern = i % 4 === 3 ? maker.brokenPattern(node.text) : node.text;
  return { pattern, texts: Array.from({ length: TEXTS }, () => maker.text(node)) };
}

test("generated patterns: the same verdicts", () => {
  const count = { patterns: 0, pairs: 0, matched: 0, refused: 0, big: 0, nothing: 0, leftOut: 0, slow: 0 };
  const differences = [];
  for (let from = 0; from < Number(COUNT); from += 2000) {
    const cases = Array.from({ length: Math.min(2000, Number(COUNT) - from) }, (_, k) => make(from + k));
    judge(cases).forEach(({ result, matches }, k) => {
      const { pattern, texts } = cases[k];
      const regexp = compile(pattern);
      count.patterns++;
      if (result === "unsupported" && LEFT_OUT.test(pattern)) return count.leftOut++;
      if (result === "syntax" && namesTwice(pattern)) return count.refused++;
      if (result === "syntax" || regexp === null) {
        if (result !== "syntax" || regexp !== null) differences.push({ pattern, result, ecmascript: regexp ? "fine" : "refused" });
        return count.refused++;
      }
      if (result === "big") return count.big++;
      if (result === "nothing") count.nothing++;
      else if (result !== "ok") differences.push({ pattern, result });
      const right = expected(regexp, texts);
      if (right === null) return count.slow++;
      texts.forEach((text, t) => {
        if (splitsPairs(pattern, text)) return;
        count.pairs++;
        count.matched += Number(right[t]);
        if (matches[t] !== right[t]) differences.push({ pattern, text, found: matches[t], expected: right[t] });
      });
    });
  }
  console.log(`seed ${SEED}: ${JSON.stringify(count)}`);
  assert.deepEqual(differences.slice(0, 5), [], `${differences.length} differences`);
  assert.ok(count.matched * 4 > count.pairs && count.matched * 4 < count.pairs * 3, "texts of both kinds");
  assert.ok(count.refused * 20 > count.patterns && count.pairs > count.patterns * 8, "patterns of both kinds");
  assert.ok(count.big * 200 < count.patterns, "few are too big");
  assert.ok(count.slow * 200 < count.patterns, "few are too slow for the other engine");
});

/** Which of the characters each pattern matches alone: a string of 0 and 1 for each pattern. */
function matching(patterns, characters) {
  const input = `K${hex(characters.join(""))}\n${patterns.map((pattern) => `P${hex(pattern)}\nA\n`).join("")}`;
  const done = spawnSync(JUDGE, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.split("\n").filter((_, i) => i % 2 === 1);
}

/** Characters that Unicode 14 had: of all planes with any; of ideographs and of Hangul, which are alike, some. */
function knownCharacters() {
  const all = [];
  const alike = (c) => (c > 0x3500 && c < 0x9f00) || (c > 0xac10 && c < 0xd700) || (c > 0x17000 && c < 0x18a00) || (c > 0x20000 && c < 0xe0000);
  for (let c = 0; c < 0xe0200; c = c === 0x32000 ? 0xe0000 : c + 1) {
    if ((c < 0xd800 || c > 0xdfff) && (!alike(c) || c % 61 === 0)) all.push(String.fromCodePoint(c));
  }
  const [assigned] = matching(["^\\p{Assigned}$"], all);
  const known = all.filter((_, i) => assigned[i] === "1");
  assert.ok(known.length > 40000 && known.length < all.length, `${known.length} of ${all.length}`);
  return known;
}

test("every category and named set: the same characters", () => {
  const properties = ["L", "Lu", "Ll", "Lt", "LC", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
    "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "ASCII", "Any", "AHex"];
  const patterns = [...properties.map((name) => `^\\p{${name}}$`), "^\\d$", "^\\w$", "^\\s$", "^.$", "^[^]$", "^\\P{L}$", "\\b"];
  // Unicode 16 and 17 gave two old characters other categories.
  const moved = new Set(["\u0295", "\u{1171e}"]);
  const known = knownCharacters().filter((c) => !moved.has(c));
  const differences = [];
  matching(patterns, known).forEach((found, k) => {
    const regexp = new RegExp(patterns[k], "u");
    const wrong = known.filter((c, i) => found[i] !== (regexp.test(c) ? "1" : "0"));
    if (wrong.length) differences.push(`${patterns[k]}: ${wrong.map((c) => c.codePointAt(0).toString(16)).slice(0, 12)} … ${wrong.length}`);
  });
  assert.deepEqual(differences, []);
});

/** Binary properties and scripts, by every name that the table has for them: [[name, alias, …], …]. */
function tableNames() {
  const source = readFileSync(new URL("../../compiler/pattern_properties.c", import.meta.url), "utf8");
  const rows = (text) => [...text.matchAll(/^\t\{"(\w+)", (?:"(\w+)"|NULL), (?:"(\w+)"|NULL), /gm)].map((row) => row.slice(1).filter(Boolean));
  const [binary, scripts] = source.split("pattern_scripts[]");
  return { binary: rows(binary), scripts: rows(scripts) };
}

// Later versions of Unicode gave old characters other properties: at most so many until version 17. No script has changed.
const CHANGED = { Alphabetic: 38, Bidi_Mirrored: 1, Case_Ignorable: 1, Cased: 6, Changes_When_Casemapped: 4, Changes_When_Titlecased: 4, Changes_When_Uppercased: 4,
  Diacritic: 52, Extended_Pictographic: 651, Extender: 3, Grapheme_Base: 26, Grapheme_Extend: 26, ID_Continue: 4, Lowercase: 6, Sentence_Terminal: 9,
  Terminal_Punctuation: 8, XID_Continue: 4 };
const CHANGED_EXTENSIONS = 40;

test("every script and binary property: the same characters", () => {
  const { binary, scripts } = tableNames();
  assert.ok(binary.length === 50 && scripts.length > 160, `${binary.length} properties, ${scripts.length} scripts`);
  const names = [...binary.map(([name]) => name), ...scripts.flatMap(([name]) => [`Script=${name}`, `Script_Extensions=${name}`])];
  const known = knownCharacters();
  const sets = matching(names.map((name) => `^\\p{${name}}$`), known);
  const differences = [];
  names.forEach((name, i) => {
    const regexp = new RegExp(`^\\p{${name}}$`, "u");
    const wrong = known.filter((c, k) => sets[i][k] !== (regexp.test(c) ? "1" : "0"));
    const most = process.versions.unicode.startsWith("14.") ? 0 : name.startsWith("Script_Extensions=") ? CHANGED_EXTENSIONS : (CHANGED[name] ?? 0);
    if (wrong.length > most) differences.push(`${name}: ${wrong.slice(0, 12).map((c) => c.codePointAt(0).toString(16))} … ${wrong.length}`);
  });
  assert.deepEqual(differences, []);
});

test("every name of every property: known to both", () => {
  const { binary, scripts } = tableNames();
  const prefixes = ["Script=", "sc=", "Script_Extensions=", "scx="];
  const names = [...binary, ...scripts.map((aliases) => aliases.flatMap((alias) => prefixes.map((prefix) => prefix + alias)))];
  const patterns = names.flat().map((name) => `^\\P{${name}}$`);
  const verdicts = judge(patterns.map((pattern) => ({ pattern, texts: [] })));
  const differences = patterns.filter((pattern, i) => verdicts[i].result !== "ok" || compile(pattern) === null);
  assert.deepEqual(differences, []);
  // All that the engine knows and Unicode 14 has is in the table: nothing was forgotten.
  assert.ok(patterns.length > 1300, `${patterns.length} names`);
});
