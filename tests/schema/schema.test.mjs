// SPDX-License-Identifier: MIT
// Every schema that msgc writes compiles under ajv's strict mode, and accepts what the generated decoder accepts.
//
// SCHEMAS: folder with *.schema.json; JUDGE: the program of judge.c; SEED, COUNT: which texts, and how many per message.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

import { makeText } from "./generate.mjs";

const { SCHEMAS, JUDGE, SEED = "1", COUNT = "250" } = process.env;
const documents = new Map();
for (const name of readdirSync(SCHEMAS).filter((file) => file.endsWith(".schema.json")).sort()) {
  documents.set(name, JSON.parse(readFileSync(join(SCHEMAS, name), "utf8")));
}

function ajv() {
  const instance = addFormats(new Ajv2020({ strict: true, allErrors: true }));
  for (const schema of documents.values()) instance.addSchema(schema);
  return instance;
}

function resolve(reference, base) {
  const [file, pointer] = reference.split("#");
  const name = file === "" ? base : decodeURIComponent(file);
  let schema = documents.get(name);
  for (const part of pointer.split("/").slice(1)) schema = schema[part];
  return [schema, name];
}

/** [contract, message, definition] of every message of every contract. */
function messages() {
  const found = [];
  for (const [file, document] of documents) {
    for (const [name, schema] of Object.entries(document.$defs)) {
      if (schema.$ref === "#/$defs/envelope-members") found.push([file, name, schema]);
    }
  }
  return found;
}

for (const [file, document] of documents) {
  test(`${file} compiles, and every definition in it`, () => {
    const instance = ajv();
    assert.equal(document.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.equal(document.$id, file);
    for (const name of Object.keys(document.$defs)) {
      assert.equal(typeof instance.getSchema(`${file}#/$defs/${name}`), "function", name);
    }
  });
}

test("defaults are valid against their own schemas", () => {
  const instance = ajv();
  let count = 0;
  for (const [file, document] of documents) {
    for (const [name, schema] of Object.entries(document.$defs)) {
      for (const [member, property] of Object.entries(schema.properties ?? {})) {
        if (property.default === undefined) continue;
        const validate = instance.getSchema(`${file}#/$defs/${name}/properties/${encodeURIComponent(member.replaceAll("~", "~0").replaceAll("/", "~1"))}`);
        assert.ok(validate(property.default), `${file} ${name}.${member}: ${JSON.stringify(validate.errors)}`);
        count++;
      }
    }
  }
  assert.ok(count >= 20, `${count} defaults`);
});

test("examples are valid against their own schemas, and the decoder takes them", () => {
  const instance = ajv();
  let count = 0;
  for (const [file, name, schema] of messages()) {
    for (const example of schema.examples ?? []) {
      const validate = instance.getSchema(`${file}#/$defs/${name}`);
      assert.ok(validate(example), `${file} ${name}: ${JSON.stringify(validate.errors)}`);
      count++;
      const contract = file.replace(".schema.json", "");
      if (contract === "std") continue;
      // As it is written: a 64-bit integer has lost digits by now.
      const alone = readFileSync(join(SCHEMAS, contract, `${name}.schema.json`), "utf8");
      const [, text] = /"examples": \[\n *([^\n]*)\n *\]/.exec(alone);
      const [{ verdict, rest }] = judge(`${contract}.${name}`, [text]);
      assert.equal(verdict, "ok", `${contract}.${name}: ${rest}`);
    }
  }
  assert.ok(count >= 30, `${count} examples`);
});

test("the document of a message needs no other, and says the same", () => {
  let count = 0;
  for (const [file, name, schema] of messages()) {
    const alone = JSON.parse(readFileSync(join(SCHEMAS, file.replace(".schema.json", ""), `${name}.schema.json`), "utf8"));
    const validate = addFormats(new Ajv2020({ strict: true })).compile(alone);
    const whole = ajv().getSchema(`${file}#/$defs/${name}`);
    assert.equal(alone.$id, `${file.replace(".schema.json", "")}/${name}.schema.json`);
    for (let i = 0; i < 40; i++) {
      const value = JSON.parse(makeText(schema, file, resolve, Number(SEED) * 1000003 + i));
      assert.equal(validate(value), whole(value), `${file} ${name} ${JSON.stringify(value)}`);
      count++;
    }
  }
  assert.ok(count > 1000);
});

/** The decoder's verdicts on texts: [{ verdict, rest }]. */
function judge(message, texts) {
  const input = texts.map((text) => `${message}\t${text}\n`).join("");
  const done = spawnSync(JUDGE, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  assert.equal(done.status, 0, done.stderr);
  const lines = done.stdout.split("\n").slice(0, -1);
  assert.equal(lines.length, texts.length);
  return lines.map((line) => ({ verdict: line.split("\t", 1)[0], rest: line.slice(line.indexOf("\t") + 1) }));
}

const totals = { ok: 0, refused: 0 };

for (const [file, name, schema] of messages()) {
  const contract = file.replace(".schema.json", "");
  if (contract === "std") continue; // the judge has no decoders of the standard messages
  test(`${contract}.${name}: schema and decoder agree`, () => {
    const validate = ajv().getSchema(`${file}#/$defs/${name}`);
    const texts = [];
    for (let i = 0; i < Number(COUNT); i++) texts.push(makeText(schema, file, resolve, Number(SEED) * 1000003 + i));
    const verdicts = judge(`${contract}.${name}`, texts);
    const differences = [];
    verdicts.forEach(({ verdict, rest }, i) => {
      const accepted = validate(JSON.parse(texts[i]));
      if (verdict !== (accepted ? "ok" : "refused")) differences.push({ text: texts[i], verdict, rest, errors: validate.errors });
      // And back: what the encoder writes passes the schema.
      if (verdict === "ok" && !validate(JSON.parse(rest))) differences.push({ encoded: rest, errors: validate.errors });
      totals[verdict]++;
    });
    assert.deepEqual(differences.slice(0, 3), [], `${differences.length} differences (seed ${SEED})`);
  });
}

test("the texts were worth judging", () => {
  console.log(`seed ${SEED}: ${totals.ok} accepted, ${totals.refused} refused by both`);
  assert.ok(totals.ok > 500 && totals.refused > 500, JSON.stringify(totals));
});
