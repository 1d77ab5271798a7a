// SPDX-License-Identifier: MIT
// What schemas of unions, tuples, choices and open and closed types accept, by hand.
//
// SCHEMAS: folders with NAME.schema.json, separated by colons; the last one is that of contracts/.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const folder = process.env.SCHEMAS.split(":").at(-1);
const document = JSON.parse(readFileSync(join(folder, "kinds.schema.json"), "utf8"));
const ajv = addFormats(new Ajv2020({ strict: true }));
ajv.addSchema(document);

function check(definition, accepted, refused) {
  const validate = ajv.getSchema(`kinds.schema.json#/$defs/${definition}`);
  for (const value of accepted) assert.ok(validate(value), `${JSON.stringify(value)}: ${JSON.stringify(validate.errors)}`);
  for (const value of refused) assert.ok(!validate(value), JSON.stringify(value));
}

test("a union's arm may be closed, or take further members: its tags are none of them", () => {
  check("inside", [
    { kind: "point", x: 1 }, { x: 1, kind: "point", y: 2 }, { kind: "bag", name: "a", more: 1 }, { kind: "loose", a: 1, z: "x" },
    { kind: "other", form: "edged", x: 1 }, { kind: "other", form: "a bag", name: "q", w: null }, { kind: "of tomorrow", q: 1 },
  ], [
    { kind: "point", x: 1, z: 1 }, { kind: "bag", name: "a", more: "1" }, { kind: "other", form: "edged", x: 1, q: 1 },
    { kind: "other", form: "a bag", name: "q", w: "n" }, { kind: "other", form: "new" }, { kind: 1 }, {}, null, { x: 1 },
  ]);
});

test("tags are strings, integers and booleans, each as it is", () => {
  check("truth", [{ ok: true, result: "" }, { ok: false, error: "" }], [{ ok: "true", result: "" }, { ok: 1, result: "" }, { ok: true, error: "" }]);
  check("number", [{ n: 1, a: 1 }, { n: 2, a: 1, z: 1 }, { n: -1, x: 1 }], [{ n: "1", a: 1 }, { n: 3, a: 1 }, { n: -1, x: 1, n2: 1 }]);
});

test("a tag beside its value: both or neither, and no other value than the tag's", () => {
  const rest = { "a.b": true, h: { result: "x" }, f: null };
  check("beside", [
    { t: "dots", d: [], ...rest }, { t: "new", d: 5, ...rest }, { t: "point", d: { x: 1 }, u: "point", e: { x: 1 }, ...rest },
  ], [
    { t: "dots", d: [], u: "point", ...rest }, { t: "dots", d: [], e: { x: 1 }, ...rest }, { t: "dots", d: {}, ...rest }, { d: [], ...rest }, { t: "dots", ...rest },
    { t: "point", d: { x: 1, z: 1 }, ...rest }, { t: "dots", d: [], "a.b": false, h: { result: "x" }, f: null },
  ]);
});

test("tuples end where they end, or a little before", () => {
  const tuples = (a, b, c) => ({ action: "tuples", a, b, c });
  check("tuples", [tuples([1, "x"], ["1"], []), tuples([1, "x"], ["1", "2", "r"], [[null, []]])], [
    tuples([1, "x", 1], ["1"], []), tuples([1], ["1"], []), tuples([1, "x"], [], []), tuples([1, "x"], ["1", "2", "q"], []), tuples([1, "x"], ["1", "2", "r", 1], []),
  ]);
});

test("literals, open enums, keys, choices", () => {
  const words = { action: "words", level: 77, levels: [], kind: null, constant: "x", may: null };
  check("words", [words, { ...words, word: "of tomorrow", kind: 3, may: true, never: 5 }], [{ ...words, level: "low" }, { ...words, kind: "c" }, { ...words, constant: "y" }, { ...words, may: false }, { ...words, never: null }]);
  check("maps", [{ action: "maps", m: { abc: 1 }, n: { "a-b": { a: true } } }], [{ action: "maps", m: { Abc: 1 }, n: {} }, { action: "maps", m: { abcd: 1 }, n: {} }, { action: "maps", m: {}, n: { "": {} } }]);
  check("choice", ["abc", -3, true, { x: 1 }, [1], null], ["abcdef", -4, 1.5, { x: 1, q: 1 }, [], ["a"]]);
});

test("a closed message, and one that takes further members, have their envelope all the same", () => {
  check("shut", [{ action: "shut", point: { x: 1 }, ref: "a" }], [{ action: "shut", point: { x: 1 }, q: "a" }, { action: "shut", point: { x: 1 }, ref: 1 }]);
  check("shut_bag", [{ action: "shut_bag", q: true, ref: "x", seq: 1 }], [{ action: "shut_bag", q: 1 }]);
});

test("people can read it: arms have titles, tags are told", () => {
  assert.deepEqual(document.$defs.inside.oneOf.map(({ title }) => title), ["point", "bag", "loose", "line", "other", "else"]);
  assert.equal(document.$defs.inside.$comment, 'told apart by "kind"');
  assert.deepEqual(document.$defs.code, { title: "code", type: "string", minLength: 2, maxLength: 4,
    $comment: "white space at both ends is cut off before anything is checked; made upper case before anything is checked" });
});
