// SPDX-License-Identifier: MIT
// Would the proof notice? Schemas with one keyword changed, each judged by the differential test, which must find a difference. Prints the
// changes that it did not find, and fails where more than a tenth of them stay unnoticed: some change nothing.
//
// --count N: mutants; --documents N: for each; --seed N. JUDGES and so on as for differential.mjs.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { random } from "./generate.mjs";
import { parse, write } from "./json.mjs";

const { values: options } = parseArgs({ options: { count: { type: "string", default: "40" }, documents: { type: "string", default: "8000" }, seed: { type: "string", default: "1" } } });
const next = random(Number(options.seed));
const pick = (list) => list[Math.floor(next() * list.length)];

const LIMITS = new Set(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"]);
const DROPPED = new Set([...LIMITS, "pattern", "format", "uniqueItems", "multipleOf", "additionalProperties", "unevaluatedProperties", "propertyNames", "required", "enum", "const", "type", "items"]);
const TYPES = ["string", "integer", "number", "boolean", "array", "object", "null"];

/** Every keyword of a schema that can be changed: {schema node, at, path}. */
function places(node, path, found) {
  node.members.forEach(({ key, value }, at) => {
    if (DROPPED.has(key)) found.push({ node, at, path: `${path}/${key}` });
    if (["properties", "$defs"].includes(key)) for (const one of value.members) if (one.value.kind === "object") places(one.value, `${path}/${one.key}`, found);
    if (["items", "additionalProperties", "propertyNames"].includes(key) && value.kind === "object") places(value, `${path}/${key}`, found);
    if (["oneOf", "anyOf", "allOf", "prefixItems"].includes(key)) value.items.forEach((one, i) => places(one, `${path}/${key}/${i}`, found));
  });
  return found;
}

/** Changes one keyword; says how. */
function mutate({ node, at, path }) {
  const member = node.members[at];
  const before = write(member.value);
  if (LIMITS.has(member.key) && next() < 0.7) member.value = { kind: "number", text: String(BigInt(Math.trunc(Number(before))) + BigInt(pick([-1, 1]))) };
  else if (member.key === "type" && member.value.kind === "string") member.value = { kind: "string", value: pick(TYPES.filter((type) => type !== member.value.value)) };
  else if (member.key === "required" && member.value.items.length > 1) member.value.items.splice(Math.floor(next() * member.value.items.length), 1);
  else if (member.key === "enum") member.value.items.splice(Math.floor(next() * member.value.items.length), 1);
  else node.members.splice(at, 1);
  const after = node.members[at]?.key === member.key ? write(node.members[at].value) : "nothing";
  return `${path}: ${before.slice(0, 80)} → ${after.slice(0, 80)}`;
}

const rows = process.env.JUDGES.split(",").filter(Boolean).map((row) => row.split("="));
const unnoticed = [];
for (let i = 0; i < Number(options.count); i++) {
  const [name, program, folder] = pick(rows);
  const copy = mkdtempSync(join(tmpdir(), "mutant-"));
  cpSync(folder, copy, { recursive: true, filter: (path) => path === folder || path.endsWith(".schema.json") });
  const file = pick(readdirSync(copy).filter((one) => one.endsWith(".schema.json")));
  const tree = parse(readFileSync(join(copy, file), "utf8"));
  const change = `${name}/${file}${mutate(pick(places(tree, "", [])))}`;
  writeFileSync(join(copy, file), write(tree));
  const done = spawnSync(process.execPath, ["differential.mjs", "--seed", String(i), "--count", options.documents, "--only", `${name}.`],
    { env: { ...process.env, JUDGES: `${name}=${program}=${copy},` }, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status === 0) unnoticed.push(change);
  console.log(`${done.status === 0 ? "UNNOTICED" : "noticed"}: ${change}`);
  rmSync(copy, { recursive: true });
}
console.log(`${options.count} mutants, seed ${options.seed}: ${unnoticed.length} unnoticed`);
process.exitCode = unnoticed.length * 10 > Number(options.count) ? 1 : 0;
