// SPDX-License-Identifier: MIT
// Formats: the generated decoders, the schema that msgc emits, and ajv-formats in full mode give the same verdicts, but for a closed list.
//
// JUDGE: the program of judge.c; SCHEMA: formats.schema.json; SEED, COUNT: which texts (random: nobody knows), and how many of each format.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { DIFFERENCES } from "./differences.mjs";
import { Maker } from "./generate.mjs";

const { JUDGE, SCHEMA, COUNT = "6000" } = process.env;
const SEED = process.env.SEED === "random" ? String(Math.floor(Math.random() * 1e9)) : (process.env.SEED ?? "1");

// The packages of the schema tests serve here too.
const require = createRequire(new URL("../schema/package.json", import.meta.url));
const Ajv2020 = require("ajv/dist/2020.js").default;
const addFormats = require("ajv-formats").default;

const ajv = addFormats(new Ajv2020({ strict: true }));
ajv.addSchema(JSON.parse(readFileSync(SCHEMA, "utf8")));
const reference = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8");

// message, how its texts are made, the format of JSON Schema (null: it has none)
const KINDS = [
  ["email", "email", "email"], ["uri", "uri", "uri"], ["uri_reference", "uriReference", "uri-reference"], ["hostname", "hostname", "hostname"],
  ["ipv4", "ipv4", "ipv4"], ["ipv6", "ipv6", "ipv6"], ["uuid_text", "uuid", "uuid"], ["date_time", "dateTime", "date-time"], ["date_text", "date", "date"],
  ["time_text", "time", "time"], ["duration_text", "duration", "duration"], ["json_pointer", "jsonPointer", "json-pointer"], ["slug", "slug", null],
  ["uuid_type", "uuid", "uuid"], ["datetime_type", "dateTime", "date-time"], ["date_type", "date", "date"], ["time_type", "time", "time"],
  ["duration_type", "duration", "duration"],
];

const hex = (text) => Buffer.from(text).toString("hex");

/** What the program says of each line. */
function judge(lines) {
  const done = spawnSync(JUDGE, { input: lines.map(([name, text]) => `${name}\t${hex(text)}\n`).join(""), encoding: "utf8", maxBuffer: 1 << 30 });
  assert.equal(done.status, 0, done.stderr);
  const said = done.stdout.split("\n").slice(0, -1);
  assert.equal(said.length, lines.length);
  return said;
}

const payload = (name) => ajv.getSchema(`formats.schema.json#/$defs/${name}/properties/payload`);

for (const [name, how, format] of KINDS) {
  test(`${name}: the same verdicts`, () => {
    const texts = Array.from({ length: Number(COUNT) }, (_, i) => new Maker(Number(SEED) * 104729 + i).text(how));
    const plain = format === null ? payload(name) : ajv.compile({ type: "string", format });
    const emitted = payload(name);
    const list = (DIFFERENCES[name] ?? []).map((row) => ({ ...row, seen: 0 }));
    const count = { accepted: 0, refused: 0, listed: 0 };
    const wrong = [];
    judge(texts.map((text) => [name, text])).forEach((said, i) => {
      const text = texts[i], decoder = said === "ok", byFormat = plain(text), bySchema = emitted(text);
      assert.notEqual(said, "broken", text);
      count[decoder ? "accepted" : "refused"]++;
      if (decoder === byFormat && decoder === bySchema) return;
      const rows = list.filter((row) => row.when(text) && (row.who === "ajv") === decoder);
      for (const row of rows) row.seen++;
      count.listed++;
      const mended = rows.every((row) => row.mended);
      if (rows.length === 0 || (decoder !== bySchema && mended)) wrong.push({ text, decoder, byFormat, bySchema });
    });
    console.log(`${name}, seed ${SEED}: ${JSON.stringify(count)}`);
    assert.deepEqual(wrong.slice(0, 8), [], `${wrong.length} differences that nobody knows of`);
    assert.ok(count.accepted * 5 > texts.length && count.refused * 20 > texts.length, "texts of both kinds");
    // The list is closed: what is on it happens, and is told.
    for (const row of list) {
      assert.ok(row.seen > 0, `${name}: never seen: ${row.said ?? row.when}`);
      if (!row.mended) assert.ok(reference.includes(row.said), `docs/language.md does not say: ${row.said}`);
    }
  });
}

// A default is checked when the contract is compiled, by other code, which is more careful: no leap seconds, no quoted local parts.
for (const [name, how] of KINDS) {
  test(`${name}: a default that the compiler takes is accepted`, () => {
    const type = name.endsWith("_type") ? name.slice(0, -5) : name.replace(/_text$/u, "").replace("_", "-");
    const texts = Array.from({ length: Number(COUNT) }, (_, i) => new Maker(Number(SEED) * 15485863 + i).text(how));
    const taken = judge(texts.map((text) => [`default ${type}`, text])).map((said) => said === "ok");
    const accepted = judge(texts.map((text) => [name, text])).map((said) => said === "ok");
    assert.deepEqual(texts.filter((text, i) => taken[i] && !accepted[i]).slice(0, 5), []);
    // Careful, not useless.
    const count = (list) => list.filter(Boolean).length;
    assert.ok(count(taken) * 2 > count(accepted), `${count(taken)} of ${count(accepted)}`);
  });
}

test("patterns that come together, and formats with other constraints: the same verdicts", () => {
  const cases = [["several", "letters"], ["inherited", "letters"], ["blank_path", "jsonPointer"], ["short_email", "email"]];
  for (const [name, how] of cases) {
    let texts = Array.from({ length: Number(COUNT) }, (_, i) => new Maker(Number(SEED) * 7919 + i).text(how));
    if (name === "short_email") {
      texts = [...texts, ...texts.map((text) => `a${text}`.slice(0, 14)), "a@b.exam", "ab@cd.example", "aa@bb.exampl", "b@cd.example", "a@cd.exa"];
    }
    const validate = payload(name);
    const said = judge(texts.map((text) => [name, text]));
    // What ajv is known to refuse of addresses is no matter here.
    const judged = texts.map((text, i) => ({ text, decoder: said[i] === "ok", schema: validate(text) }))
      .filter(({ text }) => name !== "short_email" || !DIFFERENCES.email.some((row) => row.when(text)));
    assert.deepEqual(judged.filter(({ decoder, schema }) => decoder !== schema).slice(0, 5), [], name);
    const accepted = judged.filter(({ decoder }) => decoder).length;
    assert.ok(accepted > 5 && accepted < judged.length - 5, `${name}: ${accepted} of ${judged.length}`);
  }
  assert.equal(payload("several").schema.pattern, "a");
  assert.deepEqual(payload("several").schema.allOf, [{ pattern: "b" }, { pattern: "^[abc]*$" }]);
});

// JavaScript maps some characters to several, sigma by its place, and knows letters that came after Unicode 14: some of them for old ones.
const LATER = new Set(["ƛ", "ɤ"]);

for (const [name, method] of [["lower", "toLowerCase"], ["upper", "toUpperCase"]]) {
  test(`${name}: one character for one, as Unicode has it`, () => {
    const texts = [];
    for (let c = 0; c < 0x20000; c++) if (c < 0xd800 || c > 0xdfff) texts.push(String.fromCodePoint(c));
    const found = judge(texts.map((text) => [name, text])).map((digits) => Buffer.from(digits, "hex").toString());
    const again = judge(found.map((text) => [name, text])).map((digits) => Buffer.from(digits, "hex").toString());
    assert.deepEqual(again.filter((text, i) => text !== found[i]), [], "twice is once");
    const count = { changed: 0, several: 0, later: 0 };
    const wrong = texts.filter((text, i) => {
      const right = text[method]();
      assert.equal([...found[i]].length, 1);
      count.changed += found[i] !== text;
      if (right === found[i]) return false;
      if ([...right].length > 1) return ++count.several < 0;
      // A letter, or its other case, that Unicode 14 did not have stays as it is.
      count.later++;
      return found[i] !== text || !(LATER.has(text) || isLater(text) || isLater(right));
    });
    console.log(`${name}: ${JSON.stringify(count)}`);
    assert.deepEqual(wrong, []);
    assert.ok(count.changed > 1300 && count.several <= 103 && count.later < 120);
  });
}

/** Blocks that Unicode 15 to 17 added to, as far as they have two cases. */
function isLater(text) {
  const c = text.codePointAt(0);
  return (c >= 0x1c89 && c <= 0x1c8a) || (c >= 0xa7cb && c <= 0xa7dc) || (c >= 0x10d50 && c <= 0x10d85) || (c >= 0x16ea0 && c <= 0x16eff);
}
