// SPDX-License-Identifier: MIT
// The proof that generated decoders and emitted schemas agree. Every message of every contract gets documents made by walking its schema; the
// decoder, ajv, and where JavaScript's numbers will not do a validator with exact ones, must give the same verdict, or the document is one
// of the closed list in docs/language.md. A second decoder of the same contracts, by tables alone, must answer the same to the letter: verdict,
// problems, encoded value. What the encoder writes must pass the schema, and decode to an equal value.
//
// --count N: documents; --seed N: which (random without); --seconds N: no longer than that; --cases: only what has failed before;
// --only SET.CONTRACT.MESSAGE; --keep: write failures to cases/.
// JUDGES: "NAME=PROGRAM=FOLDER[=OTHER PROGRAM]," each; PYTHON; AJV: the folder whose packages serve; LANGUAGE: the reference.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { Maker } from "./generate.mjs";
import { isPlain, parse, visit, write } from "./json.mjs";
import { Exact } from "./numbers.mjs";
import { Refiner } from "./refine.mjs";
import { Schemas } from "./schemas.mjs";

const { JUDGES, PYTHON = "python3", AJV, LANGUAGE } = process.env;
const { values: options } = parseArgs({
  options: { count: { type: "string", default: "100000" }, seed: { type: "string" }, seconds: { type: "string" }, only: { type: "string" }, cases: { type: "boolean" }, keep: { type: "boolean" } },
});
const SEED = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
const CASES = new URL("cases/", import.meta.url);
const BATCH = 250;

const require = createRequire(join(AJV, "package.json"));
const Ajv2020 = require("ajv/dist/2020.js").default;
const addFormats = require("ajv-formats").default;

// ---------------------------------------------------------------------- programs

/** A program that answers each question with a line. */
class Program {
  constructor(command, args) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.child.on("exit", (status, signal) => {
      this.ended = `${command}: ${status ?? signal}`;
      for (const { reject } of this.waiting) reject(new Error(this.ended));
    });
    this.waiting = [];
    // Lines end in \n alone: readline would end them at U+2028, too.
    let rest = "";
    this.child.stdout.setEncoding("utf8").on("data", (data) => {
      const lines = (rest + data).split("\n");
      rest = lines.pop();
      for (const line of lines) this.waiting.shift().resolve(line);
    });
  }

  /** questions: Buffers or strings; the answers, in order. */
  ask(questions) {
    if (this.ended) throw new Error(this.ended);
    const answers = questions.map(() => new Promise((resolve, reject) => this.waiting.push({ resolve, reject })));
    this.child.stdin.write(Buffer.concat(questions.map((question) => Buffer.from(question))));
    return Promise.all(answers);
  }

  end() {
    this.child.removeAllListeners("exit");
    this.child.stdin.end();
  }
}

// ----------------------------------------------------------------------- schemas

/** Numbers that a double does not hold stay exact. */
function exactTree(node) {
  switch (node.kind) {
    case "object": return Object.fromEntries(node.members.map(({ key, value }) => [key, exactTree(value)]));
    case "array": return node.items.map(exactTree);
    case "string": return node.value;
    case "number": return isPlain(node.text) ? Number(node.text) : new Exact(node.text);
    default: return JSON.parse(node.text);
  }
}

const member = (node, name) => node.members.find(({ key }) => key === name)?.value;

/** Limits of numbers are another validator's. */
function withoutNumbers(schema) {
  if (Array.isArray(schema)) return schema.map(withoutNumbers);
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems"].includes(key))
    .map(([key, value]) => [key, ["properties", "$defs"].includes(key) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutNumbers(one)]))
      : ["const", "enum", "default", "examples"].includes(key) ? value : key === "type" ? loosened(value) : withoutNumbers(value)]));
}

const loosened = (type) => (Array.isArray(type) ? type.map(loosened) : type === "integer" ? "number" : type);

/** Contracts that one judge holds, and all that is asked about them. */
class ContractSet {
  constructor(index, row) {
    [this.name, this.program, this.folder, this.other] = row.split("=");
    this.index = index;
    const texts = readdirSync(this.folder).filter((file) => file.endsWith(".schema.json")).sort().map((file) => [file, readFileSync(join(this.folder, file), "utf8")]);
    const documents = texts.map(([file, text]) => [file, JSON.parse(text)]);
    const trees = texts.map(([file, text]) => [file, parse(text)]);
    this.schemas = new Schemas(new Map(trees.map(([file, tree]) => [file, exactTree(tree)])));
    this.definitions = new Map(trees.map(([file, tree]) => [file, member(tree, "$defs")]));
    this.schemas.hasFormat = hasFormat;
    this.refiner = new Refiner(this.schemas);
    this.ajv = addFormats(new Ajv2020({ strict: true, logger: { log: fail, warn: fail, error: fail } }));
    this.noNumbers = addFormats(new Ajv2020({ strict: false, strictNumbers: false }));
    for (const [, document] of documents) {
      this.ajv.addSchema(document);
      this.noNumbers.addSchema(withoutNumbers(document));
    }
    this.messages = spawnSync(this.program, ["--list"], { encoding: "utf8" }).stdout.split("\n").filter(Boolean).map((name, at) => this.#message(name, at));
  }

  #message(name, at) {
    const [stem, ...rest] = name.split(".");
    const file = `${stem}.schema.json`;
    const definition = rest.join(".");
    const place = `${encodeURIComponent(stem)}.schema.json#/$defs/${definition}`;
    const schema = this.schemas.documents.get(file).$defs[definition];
    assert.ok(schema, `${name} has no schema`);
    return {
      set: this, at, name: `${this.name}.${name}`, places: [[schema, file]], place, hasSteps: this.schemas.reach([schema, file], "multipleOf"),
      examples: (member(member(this.definitions.get(file), definition), "examples")?.items ?? []).map((example) => Buffer.from(write(example))),
      validate: this.ajv.getSchema(place), noNumbers: this.noNumbers.getSchema(place),
    };
  }
}

const formats = addFormats(new Ajv2020());

function hasFormat(format, text) {
  const id = `format:${format}`;
  return (formats.getSchema(id) ?? formats.compile({ $id: id, type: "string", format }))(text);
}

function fail(...words) {
  throw new Error(`ajv says: ${words.join(" ")}`);
}

// ----------------------------------------------------------------------- verdicts

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes; undefined: they are not UTF-8. */
function textOf(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonOf(text) {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Undefined where ajv fails: comparing objects that have a member "toString" it calls that. */
function opinionOf(validate, value) {
  try {
    return validate(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Numbers that JavaScript's validators are wrong about: those that a double does not hold and, where there are steps, all with fractions. */
function needsExact(tree, hasSteps) {
  let found = false;
  visit(tree, ({ kind, text }, depth, isKey) => { if (kind === "number" && !isKey && (!isPlain(text) || (hasSteps && /[.eE]/u.test(text)))) found = true; });
  return found;
}

class Trial {
  constructor(sets) {
    this.sets = sets;
    this.oracle = new Program(PYTHON, [new URL("oracle.py", import.meta.url).pathname, ...sets.map(({ folder }) => folder)]);
    this.judges = sets.map(({ program }) => new Program(program, []));
    this.others = sets.map(({ other }) => (other ? new Program(other, []) : undefined));
    this.count = { documents: 0, accepted: 0, refused: 0, exact: 0 };
    this.listed = new Map();
    this.failures = [];
  }

  end() {
    for (const program of [this.oracle, ...this.judges, ...this.others]) program?.end();
  }

  #list(ids) {
    for (const id of ids) this.listed.set(id, (this.listed.get(id) ?? 0) + 1);
  }

  /** Documents of one message. */
  async judge(message, documents) {
    const questions = documents.map((bytes) => Buffer.concat([Buffer.from(`${message.at} ${bytes.length}\n`), bytes]));
    const pending = this.judges[message.set.index].ask(questions);
    const other = this.others[message.set.index]?.ask(questions);
    const opinions = documents.map((bytes) => this.#opinion(message, bytes));
    const answers = await pending;
    if (other) (await other).forEach((answer, i) => { if (answer !== answers[i]) this.#fail(message, documents[i], answers[i], { other: answer }); });
    const exactly = [];
    answers.forEach((answer, i) => this.#compare(message, documents[i], answer, opinions[i], exactly));
    await this.#exactly(exactly);
  }

  /** What ajv says of the text as it came. */
  #opinion(message, bytes) {
    const text = textOf(bytes);
    const json = text === undefined ? undefined : jsonOf(text);
    if (!json) return { accepted: false };
    return { accepted: opinionOf(message.validate, json.value), text };
  }

  #compare(message, bytes, answer, opinion, exactly) {
    const verdict = answer.split("\t", 1)[0];
    const rest = answer.slice(verdict.length + 1);
    this.count.documents++;
    if (verdict === "broken") return this.#fail(message, bytes, answer, {});
    this.count[verdict === "ok" ? "accepted" : "refused"]++;
    const tree = opinion.text === undefined ? null : parse(opinion.text);
    const accepted = verdict === "ok";
    const entry = { message, bytes, answer, accepted, rest, opinion, tree };
    if (tree && (opinion.accepted === undefined || needsExact(tree, message.hasSteps))) exactly.push(entry);
    else if (accepted !== opinion.accepted) this.#explain(entry);
    if (accepted) this.#back(entry, exactly);
    return undefined;
  }

  /** What the encoder has written passes the schema. */
  #back(entry, exactly) {
    const { message, rest } = entry;
    const tree = parse(rest);
    if (!tree) return this.#fail(message, entry.bytes, entry.answer, { encoded: "is no JSON" });
    const opinion = { accepted: opinionOf(message.validate, JSON.parse(rest)), text: rest };
    const back = { ...entry, opinion, tree, isBack: true };
    if (opinion.accepted === undefined || needsExact(tree, message.hasSteps)) exactly.push(back);
    else if (!opinion.accepted) this.#explain(back);
    return undefined;
  }

  /** The verdicts differ: is it on the list? */
  #explain(entry) {
    const { message, tree, accepted, opinion } = entry;
    if (!tree) return this.#fail(message, entry.bytes, entry.answer, { ajv: opinion.accepted });
    const found = message.set.refiner.refine(tree, message.places);
    const passes = found.refused.size === 0 && message.validate(JSON.parse(write(found.node)));
    return this.#settle(entry, found, passes);
  }

  #settle(entry, found, passes) {
    const ids = [...found.changed, ...found.refused];
    if (passes === entry.accepted) {
      if (entry.opinion.accepted === !entry.accepted) this.#list(ids.length > 0 ? ids : ["beyond-double"]);
      if (ids.length > 0 || entry.isExact || entry.opinion.accepted === entry.accepted) return;
    } else if (!entry.accepted && passes && (this.#mayRefuse(entry, found) || this.#bothRefuse(entry, found))) {
      return;
    }
    this.#fail(entry.message, entry.bytes, entry.answer, { ajv: entry.opinion.accepted, errors: entry.message.validate.errors, refined: passes, exact: entry.exact, others: entry.others, ids, encoded: entry.isBack });
  }

  /** What looks like a text that ajv alone refuses may be wrong in other ways. */
  #bothRefuse(entry, found) {
    return found.changed.has("formats") && !entry.message.noNumbers(JSON.parse(write(entry.tree)));
  }

  /** Refused by checks that no schema makes, and by no others. */
  #mayRefuse(entry, found) {
    const problems = JSON.parse(entry.rest);
    const ids = problems.map(({ type, ctx }) => {
      if (type === "unique_list" && found.perhaps.has("unique-values")) return "unique-values";
      if (type === "value_error" && found.rules.some((rule) => ctx?.error?.includes(rule) || rule.includes(ctx?.error))) return "require-and-check";
      return [...found.perhaps].find((id) => id !== "unique-values");
    });
    if (ids.includes(undefined) || ids.length === 0) return false;
    this.#list(new Set(ids));
    return true;
  }

  /** Documents with numbers that want an exact judge. */
  async #exactly(entries) {
    this.count.exact += entries.length;
    const asked = [];
    const ranges = [];
    for (const entry of entries) {
      const found = entry.message.set.refiner.refine(entry.tree, entry.message.places);
      entry.isExact = true;
      if (!entry.accepted && found.refused.size === 1 && found.refused.has("float-range")) ranges.push(entry);
      if (found.refused.size > 0) this.#settle(entry, found, false);
      else asked.push({ entry, found, text: write(found.node) });
    }
    const answers = await this.oracle.ask(asked.map(({ entry, text }) => `${JSON.stringify({ schema: `${entry.message.set.index}/${entry.message.place}`, text })}\n`));
    // JavaScript's validators refuse infinity, too: only the exact one shows that the schema takes such numbers.
    const taken = await this.oracle.ask(ranges.map(({ message, tree }) => `${JSON.stringify({ schema: `${message.set.index}/${message.place}`, text: write(tree) })}\n`));
    this.#list(taken.filter((answer) => answer === "ok").map(() => "float-range"));
    asked.forEach(({ entry, found, text }, i) => {
      const { message } = entry;
      const others = message.noNumbers(JSON.parse(text));
      entry.exact = answers[i];
      entry.others = message.noNumbers.errors;
      this.#settle(entry, found, others && answers[i] === "ok");
    });
  }

  #fail(message, bytes, answer, why) {
    this.failures.push({ message: message.name, bytes, answer, why });
    if (this.failures.filter((one) => one.message === message.name).length > 3 || this.failures.length > 40) return;
    const text = bytes.toString();
    console.log(`\n${message.name}: ${text.length > 1500 ? `${text.slice(0, 1500)}…` : text}\n  decoder: ${answer.slice(0, 600)}\n  ${JSON.stringify(why).slice(0, 900)}`);
    if (options.keep) appendFileSync(new URL(`${message.set.name}.jsonl`, CASES), `${JSON.stringify({ type: message.name, base64: bytes.toString("base64") })}\n`);
  }
}

// ----------------------------------------------------------------------------- runs

/** The examples of the schemas, which must be taken, and everything that has ever failed. */
async function runCases(trial, byName) {
  for (const message of byName.values()) await trial.judge(message, message.examples);
  assert.equal(trial.count.refused, 0, "an example is refused");
  for (const file of existsSync(CASES) ? readdirSync(CASES).sort() : []) {
    for (const line of readFileSync(new URL(file, CASES), "utf8").split("\n").filter(Boolean)) {
      const { type, base64, text } = JSON.parse(line);
      assert.ok(byName.has(type), `${file}: there is no ${type}`);
      await trial.judge(byName.get(type), [Buffer.from(text ?? Buffer.from(base64, "base64"))]);
    }
  }
}

/** How many values a message's documents hold, as far as it counts. */
function weight(message) {
  const sizes = Array.from({ length: 12 }, (_, i) => {
    const maker = new Maker(i, message.set.schemas);
    maker.document(message.places);
    return maker.size;
  });
  return Math.min(60, Math.max(2, ...sizes));
}

/** Messages in turn, the rich ones longer, until there are enough. */
async function runShare(trial, messages) {
  const end = options.seconds ? Date.now() + Number(options.seconds) * 1000 : Infinity;
  const weights = messages.map(weight);
  const total = weights.reduce((sum, one) => sum + one, 0);
  let made = 0;
  while (made < Number(options.count) && Date.now() < end) {
    const round = Math.min(Number(options.count) - made, messages.length * BATCH);
    for (const [at, message] of messages.entries()) {
      const share = Math.ceil((round * weights[at]) / total);
      for (let from = 0; from < share && Date.now() < end; from += BATCH) {
        const documents = Array.from({ length: Math.min(BATCH, share - from) }, (_, i) => new Maker(SEED * 7919 + made + i, message.set.schemas).document(message.places));
        made += documents.length;
        await trial.judge(message, documents);
      }
    }
  }
}

/** The list of the reference, and that of this test. Among what is kept in cases/ is a document for each. */
function checkList(trial) {
  const reference = readFileSync(LANGUAGE, "utf8").split("## Where JSON Schema differs")[1].split("\n## ")[0];
  const told = new Set([...reference.matchAll(/^- `([a-z0-9-]+)`:/gmu)].map(([, id]) => id));
  for (const id of trial.listed.keys()) assert.ok(told.has(id), `docs/language.md does not tell of ${id}`);
  if (process.versions.unicode.startsWith("14.")) told.delete("unicode-version");
  if (options.cases && !options.only) for (const id of told) assert.ok(trial.listed.has(id), `no case shows ${id}`);
}

const started = Date.now();
const sets = JUDGES.split(",").filter(Boolean).map((row, index) => new ContractSet(index, row));
const messages = sets.flatMap((set) => set.messages).filter(({ name }) => !options.only || name.includes(options.only));
const trial = new Trial(sets);
if (options.cases) await runCases(trial, new Map(messages.map((message) => [message.name, message])));
else await runShare(trial, messages);
trial.end();

const seconds = (Date.now() - started) / 1000;
console.log(`seed ${SEED}: ${messages.length} types, ${trial.count.documents} documents in ${seconds.toFixed(0)} s: ${trial.count.accepted} accepted, ${trial.count.refused} refused, ${trial.count.exact} judged by exact numbers`);
for (const [id, count] of [...trial.listed].sort()) console.log(`  ${id}: ${count}`);
checkList(trial);
if (!options.cases) assert.ok(trial.count.accepted * 10 > trial.count.documents && trial.count.refused * 10 > trial.count.documents, "documents of both kinds");
console.log(`${trial.failures.length} differences that are not on the list`);
process.exitCode = trial.failures.length > 0 ? 1 : 0;
