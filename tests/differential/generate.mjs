// SPDX-License-Identifier: MIT
// Documents made by walking a schema: what it asks for, then broken in at most one place. The same seed makes the same. It does not know
// which of them are valid: judges say that, and must agree.
import { Maker as FormatMaker } from "../format/generate.mjs";
import { parse, visit, write } from "./json.mjs";
import { textFor } from "./matching.mjs";
import { IN_STRING, limitsOf, limitsOfNote, numberNear, spelled, withinLimits } from "./numbers.mjs";

/** A generator of numbers in [0, 1): mulberry32. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const FORMATS = { email: "email", uri: "uri", "uri-reference": "uriReference", hostname: "hostname", ipv4: "ipv4", ipv6: "ipv6", uuid: "uuid", "date-time": "dateTime",
  date: "date", time: "time", duration: "duration", "json-pointer": "jsonPointer" };
export const GOOD = { email: "ada@example.org", uri: "https://example.org/a?b#c", "uri-reference": "../a", hostname: "example.org", ipv4: "192.0.2.1", ipv6: "2001:db8::1",
  uuid: "123e4567-e89b-12d3-a456-426614174000", "date-time": "2024-02-29T23:59:59.5+05:30", date: "2024-02-29", time: "23:59:59Z", duration: "P1Y2DT12H", "json-pointer": "/a/0" };
const PLAIN = [..."abcxyzABZ019_- ."];
const CHARACTERS = [..."ab Z0_", "é", "ß", "€", "İ", "ς", "Σ", "中", "😀", "\u{10ffff}", "\u0000", "\u0001", "\n", "\r", "\t", "\b", "\f", '"', "\\", "/", "\u007f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff",
  "\ufffd", "\uffff", "\ud7ff", "\ue000"];
const BLANKS = [" ", "\t", "\n", "\r", "\u00a0", "\u3000", "\ufeff", "\u2028", "\u1680", "\v"];
const NOT_BLANK = ["\u0085", "\u200b", "\u180e", "\u001f", "\u0000"];
const OTHERS = ["null", "true", "false", "0", "1", "-1", "1.5", '""', '"text"', '"1"', '"null"', "[]", "{}", "[null]", "[[]]", '{"a":1}', '{"":null}', "[0,1]"];
const NOISE = ["null", "1e5", '"x"', '{"a":[1,{"b":null}]}', "[]", "[[[]]]", "1e400", "0.1e-7", '"\\ud83d\\ude00"'];
const TOKENS = ["", ",", "nul", "True", "undefined", "NaN", "Infinity", "-Infinity", "01", "-01", "+1", "1.", ".5", "1e", "0x10", "--1", "1_000", "'a'", '"\\x41"', '"\\u12"', '"a', '"\t"', '"\n"', '"\u0000"',
  '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d"', '"\\ud83d\\u0041"', "[1,]", "[,1]", '{"a":1,}', '{"a" 1}', "{a:1}", "{1:1}", "[1 2]", "/* c */1", "1//", "\u00a01", "nullnull", "[", "]", "{", "}", '{"a"}', "\ufeff1"];

const integers = (n) => [...Array(n).keys()];

export class Maker {
  constructor(seed, schemas) {
    this.next = random(seed);
    this.seed = seed;
    this.schemas = schemas;
    this.size = 0;
  }

  below(n) {
    return Math.floor(this.next() * n);
  }

  one(n) {
    return this.below(n) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  // ------------------------------------------------------------ what is asked for

  /** Deep down, null and what is short. */
  arm(arms, depth) {
    if (depth + this.size / 40 < 9) return this.pick(arms);
    return arms.find(([schema]) => schema.type === "null") ?? this.pick(arms);
  }

  value(places, depth) {
    const spec = this.schemas.gather(places, (arms) => this.arm(arms, depth));
    const node = this.node(spec, depth);
    node.spec = spec;
    this.size++;
    return node;
  }

  node(spec, depth) {
    if ("const" in spec) return parse(JSON.stringify(spec.const));
    if (spec.enum) return parse(JSON.stringify(this.pick(spec.enum)));
    const types = spec.types ?? ["json"];
    const rich = types.filter((type) => type !== "null");
    const type = rich.length === types.length || (rich.length > 0 && depth + this.size / 40 < 10 && !this.one(4)) ? this.pick(rich) : "null";
    switch (type) {
      case "null": return { kind: "literal", text: "null" };
      case "boolean": return { kind: "literal", text: this.pick(["true", "false"]) };
      case "integer":
      case "number": return { kind: "number", text: this.number(spec) };
      case "string": return { kind: "string", value: this.string(spec) };
      case "array": return this.array(spec, depth);
      case "object": return this.object(spec, depth);
      default: return parse(this.pick(NOISE));
    }
  }

  number(spec) {
    for (;;) {
      const text = withinLimits(limitsOf(spec), this.next) ?? "1";
      if (!spec.not.some((value) => String(value) === text)) return text;
    }
  }

  string(spec) {
    if (spec.notes.some((note) => note.startsWith(IN_STRING))) return withinLimits(limitsOfNote(spec), this.next) ?? "1";
    for (let tries = 0; tries < 30; tries++) {
      const text = this.text(spec, tries);
      if (this.suits(spec, text)) return text;
    }
    return this.text(spec, 0);
  }

  text(spec, tries) {
    if (spec.formats.length > 0) return tries < 5 ? new FormatMaker(this.below(2 ** 32))[FORMATS[spec.formats[0]]]() : GOOD[spec.formats[0]];
    if (spec.patterns.length > 0 && !/^\\[SpP]/u.test(spec.patterns[0])) return this.padded(spec, textFor(this.pick(spec.patterns), this.next));
    const low = spec.minLength ?? (this.bytes(spec)?.low ?? 0);
    const high = Math.min(spec.maxLength ?? low + 8, this.bytes(spec)?.high ?? Infinity, low + 30);
    return this.characters(this.pick([low, high, low + this.below(high - low + 1)]), tries > 10 || this.bytes(spec) !== undefined);
  }

  /** Patterns that are looked for somewhere leave room for more. */
  padded(spec, text) {
    const missing = (spec.minLength ?? 0) - [...text].length;
    return missing > 0 ? text + this.characters(missing, true) : text;
  }

  bytes(spec) {
    const note = spec.notes.find((text) => text.endsWith("bytes of UTF-8"));
    if (!note) return undefined;
    const [, low = 0, high = Infinity] = /(?:(?:at least )?(\d+)(?: to| bytes))?(?: ?(?:at most )?(\d+) bytes)?/u.exec(note);
    return { low: Number(low), high: Number(high) };
  }

  suits(spec, text) {
    const length = [...text].length;
    return length >= (spec.minLength ?? 0) && length <= (spec.maxLength ?? Infinity) && spec.patterns.every((pattern) => new RegExp(pattern, "u").test(text))
      && spec.formats.every((format) => this.schemas.hasFormat(format, text)) && !spec.not.includes(text) && !/:60/u.test(text);
  }

  characters(count, plain) {
    return integers(count).map(() => this.pick(plain || !this.one(3) ? PLAIN : CHARACTERS)).join("");
  }

  count(low = 0, high = low + 3, depth = 0) {
    const most = depth + this.size / 40 > 9 ? low : Math.min(high, low + 4);
    return this.pick([low, most, low + this.below(most - low + 1)]);
  }

  array(spec, depth) {
    if (spec.prefixItems) return { kind: "array", items: spec.prefixItems.map((places) => this.value(places, depth + 1)) };
    const items = [];
    const length = this.count(spec.minItems, spec.maxItems, depth);
    const seen = new Set();
    for (let tries = 0; items.length < length && tries < length * 4; tries++) {
      const item = this.value(spec.items ?? [[true, ""]], depth + 1);
      const text = write(item);
      if (spec.uniqueItems && seen.has(text)) continue;
      seen.add(text);
      items.push(item);
    }
    return { kind: "array", items };
  }

  object(spec, depth) {
    const members = [];
    for (const [key, places] of spec.properties) {
      if (places.some(([schema]) => schema === false)) continue;
      if (!spec.required.has(key) && (depth + this.size / 40 > 9 || this.one(2))) continue;
      members.push({ key, value: this.value(places, depth + 1), required: spec.required.has(key) });
    }
    const isMap = spec.additional && spec.properties.size === 0;
    const further = spec.additional ? this.count(spec.minProperties, spec.maxProperties, depth + (isMap ? 0 : 3)) : 0;
    for (let i = 0; i < further; i++) {
      const key = spec.propertyNames ? this.value(spec.propertyNames, depth + 1).value ?? `k${i}` : `k${i}${this.characters(2, false)}`;
      if (!spec.properties.has(key)) members.push({ key, value: this.value(spec.additional, depth + 1) });
    }
    if (this.one(4)) members.sort(() => this.next() - 0.5);
    return { kind: "object", members };
  }

  // ------------------------------------------------------------------- broken

  /** Changes the node into something else, or not. */
  change(node) {
    if (this.one(6)) return this.become(node, { kind: "raw", text: this.pick(OTHERS) });
    if (this.one(30)) return this.become(node, { kind: "raw", text: this.pick(TOKENS) });
    if (this.one(60)) return this.become(node, { kind: "raw", text: this.nested() });
    switch (node.kind) {
      case "number": return this.changeNumber(node);
      case "string": return this.changeString(node);
      case "array": return this.changeArray(node);
      case "object": return this.changeObject(node);
      default: return this.become(node, { kind: "raw", text: this.pick(OTHERS) });
    }
  }

  become(node, other) {
    for (const key of Object.keys(node)) delete node[key];
    return Object.assign(node, other);
  }

  nested() {
    const depth = this.pick([10, 55, 60, 61, 62, 63, 64, 65, 66, 100, 1500]);
    return this.one(2) ? "[".repeat(depth) + "]".repeat(depth) : '{"a":'.repeat(depth) + "null" + "}".repeat(depth);
  }

  changeNumber(node) {
    const how = this.below(8);
    if (how === 0) node.text = `"${node.text}"`;
    else if (how <= 2) node.text = spelled(node.text, this.next);
    else node.text = numberNear(limitsOf(node.spec ?? { types: [] }), this.next);
  }

  changeString(node) {
    const spec = node.spec ?? { notes: [], formats: [], patterns: [] };
    const list = [...node.value];
    const at = this.below(list.length + 1);
    if (spec.notes.some((note) => note.startsWith(IN_STRING)) && !this.one(4)) return this.numberInString(node, spec);
    if (this.bytes(spec) !== undefined && this.one(2)) return void (node.value = this.sized(spec, node.value));
    if (spec.formats.length > 0 && this.one(3)) return void (node.value = new FormatMaker(this.below(2 ** 32)).text(FORMATS[spec.formats[0]]));
    switch (this.below(13)) {
      case 0: node.value = ""; break;
      case 1: node.value = this.pick(["", this.pick(BLANKS)]) + node.value + this.pick(BLANKS); break;
      case 2: node.value = integers(1 + this.below(3)).map(() => this.pick([...BLANKS, ...NOT_BLANK])).join(""); break;
      case 3: node.value += this.pick(NOT_BLANK); break;
      case 4: node.value = this.sized(spec, node.value); break;
      case 5: list.splice(at, 1); node.value = list.join(""); break;
      case 6: list.splice(at, 0, this.pick([...CHARACTERS, ...PLAIN])); node.value = list.join(""); break;
      case 7: list[Math.min(at, list.length)] = this.pick([...CHARACTERS, ...PLAIN]); node.value = list.join(""); break;
      case 8: node.value = this.pick([node.value.toUpperCase(), node.value.toLowerCase(), node.value + node.value]); break;
      case 9: node.text = JSON.stringify(node.value).slice(0, -1) + this.pick(["\\ud800", "\\udfff", "\\ude00\\ud83d", "\\ud83d\\ude00", "\\u0000", "\\/", "\\u00e9", "\\x", "\\u12G4", "\\", "\u0000", "\n"]) + '"'; break;
      case 10: node.text = `"${integers(node.value.length).map((i) => `\\u${node.value.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`; break;
      case 11: if (spec.patterns.length > 0) node.value = textFor(this.pick(spec.patterns), this.next); break;
      default: node.value = this.characters(this.below(30), false); break;
    }
    return undefined;
  }

  /** One too short, one too long, in code points and in bytes. */
  sized(spec, text) {
    const bytes = this.bytes(spec);
    const edges = [spec.minLength, spec.maxLength, bytes?.low, bytes?.high].filter((n) => n !== undefined && n < 3000);
    if (edges.length === 0) return text + this.characters(1 + this.below(40), false);
    const wide = this.pick(["a", "é", "€", "😀", "x"]);
    return wide.repeat(Math.max(0, this.pick(edges) + this.pick([-1, 0, 1]))) || text;
  }

  numberInString(node, spec) {
    const text = numberNear(limitsOfNote(spec), this.next);
    node.value = this.pick([text, text, text, text, ` ${text}`, `${text} `, `+${text}`, `0${text}`, `${text}.`, `${text}\u0000`, text.replace("-", "\u2212"), `${text}e5`, ""]);
  }

  changeArray(node) {
    const { items, spec = {} } = node;
    if (spec.uniqueItems && items.length > 0 && this.one(2)) return void items.splice(this.below(items.length + 1), 0, this.alike(this.pick(items)));
    const at = this.below(items.length + 1);
    switch (this.below(6)) {
      case 0: items.splice(at, 1); break;
      case 1: items.splice(at, 0, { kind: "raw", text: this.pick(OTHERS) }); break;
      case 2: if (items.length > 0) items.splice(at, 0, this.pick(items)); break;
      case 3: items.reverse(); break;
      case 4: {
        const high = Math.min(spec.maxItems ?? items.length, 70) + 1;
        while (items.length > 0 && items.length < high) items.push(this.pick(items));
        break;
      }
      default: items.length = Math.max(0, (spec.minItems ?? 1) - 1);
    }
    return undefined;
  }

  /** The same value, or one that nearly is, written in another way. */
  alike(node) {
    if (node.kind === "number") return { kind: "number", text: spelled(node.text, this.next) };
    if (node.kind === "object") return { kind: "object", members: [...node.members, { key: "unknown member", value: { kind: "raw", text: this.pick(NOISE) } }].reverse() };
    if (node.kind !== "string") return node;
    const { value } = node;
    return { kind: "string", value: this.pick([value, value.toUpperCase(), value.toLowerCase(), `${value}0`, ` ${value}`, value.replace(/Z$/u, "+00:00"), value.replace(/^(-?\d+)$/u, "$1.0")]) };
  }

  changeObject(node) {
    const { members, spec } = node;
    const at = this.below(members.length + 1);
    const value = () => ({ kind: "raw", text: this.pick(NOISE) });
    switch (this.below(9)) {
      case 0:
      case 1: members.splice(Math.min(at, members.length - 1), 1); break;
      case 2: members.splice(at, 0, { key: this.pick(["unknown member", "", "a\u0000b", "😀", "__proto__", "constructor", "toString", "ref", "topic", "seq", "é", "x".repeat(200)]), value: value() }); break;
      case 3: if (members.length > 0) members.splice(at, 0, { ...this.pick(members) }); break;
      case 4: if (members.length > 0) members.splice(at, 0, { key: this.pick(members).key, value: value() }); break;
      case 5: if (members.length > 0) this.rename(this.pick(members)); break;
      case 6: members.sort(() => this.next() - 0.5); break;
      case 7: for (const [key, places] of spec?.properties ?? []) if (!members.some((member) => member.key === key) && !places.some(([schema]) => schema === false)) members.push({ key, value: this.value(places, 8) }); break;
      default: if (members.length > 0 && spec?.additional) members.push({ key: `more${this.characters(1, true)}`, value: members.at(-1).value });
    }
  }

  rename(member) {
    const { key } = member;
    member.keyText = this.pick([JSON.stringify(key.toUpperCase()), JSON.stringify(`${key} `), JSON.stringify(`${key}\u0000`), JSON.stringify(key.slice(1)),
      `"${integers(key.length).map((i) => `\\u${key.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`]);
  }

  /** A byte here or there. */
  spoil(bytes) {
    const at = this.below(bytes.length + 1);
    switch (this.below(6)) {
      case 0: return bytes.subarray(0, at);
      case 1: return Buffer.concat([bytes.subarray(0, at), Buffer.from([this.pick([0x80, 0xc0, 0xc1, 0xe0, 0xed, 0xf5, 0xff, 0, 0x1f])]), bytes.subarray(at)]);
      case 2: return Buffer.concat([bytes.subarray(0, at), Buffer.from(this.pick(["eda080", "c080", "e08080", "f4908080", "f08282ac", "efbbbf", "c3"]), "hex"), bytes.subarray(at)]);
      case 3: return Buffer.concat([bytes, Buffer.from(this.pick([" ", "\n", "x", "{}", ",", "\u0000", "\u00a0", "]"]))]);
      case 4: return Buffer.concat([Buffer.from(this.pick([" ", "\ufeff", "\u00a0", "\n\t", "[", "x"])), bytes]);
      default: return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    }
  }

  /** A node to break, rather one of which much is asked. */
  likely(nodes) {
    const node = this.pick(nodes);
    const { spec } = node;
    const isAsked = spec && (spec.notes.length > 0 || spec.patterns.length > 0 || spec.uniqueItems || spec.multipleOf || spec.propertyNames || spec.maxItems || spec.maxLength);
    return isAsked || this.one(3) ? node : this.pick(nodes);
  }

  /** One document, as bytes: every fourth one whole, the others broken in one place. */
  document(places) {
    const tree = this.value(places, 0);
    const whole = this.seed % 4 === 0;
    if (!whole) {
      const nodes = [];
      visit(tree, (node, depth, isKey) => { if (!isKey && node.kind !== "raw") nodes.push(node); });
      this.change(this.likely(nodes));
    }
    const blank = this.one(5) ? () => (this.one(3) ? this.pick([" ", "\t", "\n", "\r", "  "]) : "") : undefined;
    const bytes = Buffer.from(write(tree, blank));
    return !whole && this.one(25) ? this.spoil(bytes) : bytes;
  }
}
