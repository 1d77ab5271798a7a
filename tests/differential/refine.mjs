// SPDX-License-Identifier: MIT
// The closed list of differences between decoders and schemas, as a computation: what a document is after the changes that a decoder makes
// before it checks, and which of its checks no schema makes. Each has the id that the language reference gives it.
import { DIFFERENCES as FORMATS } from "../format/differences.mjs";
import { compare, depthOf, exact, hasDuplicates, hasLoneSurrogates, isMultiple, write } from "./json.mjs";
import { IN_STRING, keepsTo, limitsOfNote } from "./numbers.mjs";

const MAX_DEPTH = 64;
const LARGEST_FLOAT32 = 3.4028234663852886e38;
// Half way from the largest 32-bit float to the next one, if there were one.
const BEYOND_FLOAT32 = exact(String(2n ** 128n - 2n ** 103n));
const FORMAT_KEYS = { email: ["email"], uri: ["uri"], "uri-reference": ["uri_reference"], "date-time": ["date_time"], duration: ["duration_type"] };

// Letters of Kawi (Unicode 15) and of phonetics (Unicode 15), which the decoder does not know.
const NEW_LETTERS = /[\u{11f04}-\u{11f10}\u{1df25}-\u{1df2a}]/u;

// What ajv takes in the place of what it refuses, of several lengths.
const TAKEN = { email: Array.from({ length: 64 }, (_, i) => `${"a".repeat(i + 1)}@b.cc`), uri: ["a:/b", "https://example.org/"] };

/** One character for one, as Unicode has it. */
const mapped = (text, method) => [...text].map((c) => (c === "İ" && method === "toLowerCase" ? "i" : [...c[method]()].length === 1 ? c[method]() : c)).join("");

function sameLiteral(node, value) {
  if (node.kind === "string") return node.value === value;
  if (node.kind === "number") {
    const number = exact(node.text);
    return typeof value === "number" && number !== null && compare(number, exact(String(value))) === 0;
  }
  return node.kind === "literal" && node.text === JSON.stringify(value);
}

/** As a 32-bit float; exact where a double would lie just between its largest number and what is beyond. */
function narrow(text) {
  const number = Math.fround(Number(text)), value = exact(text);
  if (Number.isFinite(number) || value === null) return number;
  const isBelow = compare({ digits: value.digits < 0n ? -value.digits : value.digits, power: value.power }, BEYOND_FLOAT32) < 0;
  return isBelow ? Math.sign(number) * LARGEST_FLOAT32 : number;
}

/** Lengths and patterns, which stand beside a format. */
function suits(spec, text) {
  const length = [...text].length;
  return length >= (spec.minLength ?? 0) && length <= (spec.maxLength ?? Infinity) && spec.patterns.every((pattern) => new RegExp(pattern, "u").test(text));
}

function isOfType(node, type) {
  if (type === "integer") return node.kind === "number";
  if (type === "null") return node.kind === "literal" && node.text === "null";
  if (type === "boolean") return node.kind === "literal" && node.text !== "null";
  return node.kind === type;
}

export class Refiner {
  constructor(schemas) {
    this.schemas = schemas;
  }

  /**
   * {node, changed: Set of ids, refused: Set of ids, perhaps: Set of ids, rules: messages of `require` and `check`}. refused: the decoder must
   * refuse. perhaps: it may, if its problems say so.
   */
  refine(node, places) {
    this.found = { changed: new Set(), refused: new Set(), perhaps: new Set(), rules: [] };
    if (hasDuplicates(node)) this.found.refused.add("duplicate-members");
    if (hasLoneSurrogates(node)) this.found.refused.add("lone-surrogates");
    if (depthOf(node) > MAX_DEPTH) this.found.refused.add("depth");
    else this.found.node = this.#value(node, places);
    return this.found;
  }

  /** Whether a value looks like what an arm is for. */
  #fits(node, [schema, file], depth = 0) {
    if (typeof schema === "boolean") return schema;
    if (depth > 12) return true;
    if (schema.$ref && !this.#fits(node, this.schemas.resolve(schema.$ref, file), depth + 1)) return false;
    if (schema.type && ![schema.type].flat().some((type) => isOfType(node, type))) return false;
    if ("const" in schema && !sameLiteral(node, schema.const)) return false;
    if (schema.enum && !schema.enum.some((value) => sameLiteral(node, value))) return false;
    if (schema.not && schema.not.enum.some((value) => sameLiteral(node, value))) return false;
    if (schema.prefixItems && node.kind === "array" && (node.items.length < schema.minItems || node.items.length > schema.maxItems)) return false;
    const arms = schema.oneOf ?? schema.anyOf;
    if (arms && !arms.some((arm) => this.#fits(node, [arm, file], depth + 1))) return false;
    return node.kind !== "object" || this.#tagsFit(node, schema, file, depth);
  }

  /** Tags are constants, or what an else arm does not want. */
  #tagsFit(node, schema, file, depth) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const member = node.members.find(({ key }) => key === name);
      if (property === false && member) return false;
      if (typeof property === "boolean") continue;
      const isTag = "const" in property || property.not;
      if (isTag && schema.required?.includes(name) && !(member && this.#fits(member.value, [property, file], depth + 1))) return false;
    }
    return true;
  }

  #value(node, places) {
    const spec = this.schemas.gather(places, (arms) => arms.find((arm) => this.#fits(node, arm)));
    for (const note of spec.notes) {
      const rule = /^(?:refused otherwise: |checked by )(.*)$/u.exec(note);
      if (rule) this.found.rules.push(rule[1]);
    }
    if (node.kind === "string") return this.#string(node, spec);
    if (node.kind === "number") return this.#number(node, spec);
    if (node.kind === "array") return this.#array(node, spec);
    if (node.kind === "object") return this.#object(node, spec);
    return node;
  }

  #string(node, spec) {
    let { value } = node;
    for (const note of spec.notes) {
      if (note.startsWith("white space at both ends is cut off")) value = value.trim();
      else if (note.startsWith("made lower case")) value = mapped(value, "toLowerCase");
      else if (note.startsWith("made upper case")) value = mapped(value, "toUpperCase");
    }
    if (value !== node.value) this.found.changed.add("trim-and-case");
    if (NEW_LETTERS.test(value) && spec.patterns.some((pattern) => pattern.includes("\\p{"))) this.found.perhaps.add("unicode-version");
    this.#bytes(value, spec);
    this.#numberInString(value, spec);
    return { kind: "string", value: this.#format(value, spec) };
  }

  #bytes(value, spec) {
    const length = Buffer.byteLength(value);
    for (const note of spec.notes.filter((text) => text.endsWith("bytes of UTF-8"))) {
      const [low, high] = note.startsWith("at most") ? [0, Number(note.split(" ")[2])] : note.startsWith("at least") ? [Number(note.split(" ")[2]), Infinity]
        : [Number(note.split(" ")[0]), Number(note.split(" ")[2])];
      if (length < low || length > high) this.found.refused.add("utf8-bytes");
    }
  }

  #numberInString(value, spec) {
    if (!spec.notes.some((note) => note.startsWith(IN_STRING)) || !spec.patterns.every((pattern) => new RegExp(pattern, "u").test(value))) return;
    const number = exact(value);
    if (number === null) this.found.perhaps.add("number-in-string");
    else if (!keepsTo({ ...limitsOfNote(spec), isInt: false }, number)) this.found.refused.add("number-in-string");
  }

  /** What ajv alone refuses becomes a text that it takes. */
  #format(value, spec) {
    let taken = value;
    for (const format of spec.formats) {
      for (const row of (FORMAT_KEYS[format] ?? []).flatMap((key) => FORMATS[key])) {
        if (row.mended || !row.when(value)) continue;
        if (row.who === "decoder") this.found.perhaps.add(format === "duration" ? "duration-range" : "formats");
        else if (!this.schemas.hasFormat(format, value) && suits(spec, value)) {
          this.found.changed.add("formats");
          taken = TAKEN[format].find((text) => suits(spec, text)) ?? value;
        }
      }
    }
    return taken;
  }

  #number(node, spec) {
    if (!spec.types?.includes("number") || spec.notes.some((note) => note.startsWith("exact"))) return node;
    const isNarrow = spec.notes.includes("a 32-bit float");
    const number = isNarrow ? narrow(node.text) : Number(node.text);
    if (!Number.isFinite(number)) {
      this.found.refused.add("float-range");
      return node;
    }
    // Steps are for the number as it came. Zero stands for one that only its rounding makes small enough.
    const isNear = isNarrow && Math.abs(Number(node.text)) > LARGEST_FLOAT32 && spec.multipleOf && isMultiple(exact(node.text), exact(String(spec.multipleOf)));
    if (spec.multipleOf && !isNear) return node;
    const text = isNear ? "0" : String(number);
    if (compare(exact(text), exact(node.text) ?? { digits: 0n, power: 0 }) !== 0) this.found.changed.add("float-rounding");
    return { kind: "number", text };
  }

  #array(node, spec) {
    const items = node.items.map((item, i) => {
      const places = spec.prefixItems?.[i] ?? spec.items;
      return places ? this.#value(item, places) : item;
    });
    if (spec.uniqueItems && new Set(items.map((item) => this.#loose(item, spec.items))).size < items.length) this.found.perhaps.add("unique-values");
    return { kind: "array", items };
  }

  #object(node, spec) {
    const members = node.members.map((member) => {
      const places = spec.properties.get(member.key) ?? spec.additional;
      return places ? { ...member, value: this.#value(member.value, places) } : member;
    });
    return { kind: "object", members };
  }

  /** What is equal has the same text, and so may have what differs. */
  #loose(node, places) {
    const spec = places && this.schemas.gather(places, (arms) => arms.find((arm) => this.#fits(node, arm)));
    switch (node.kind) {
      case "string": return JSON.stringify(this.#looseText(node.value, spec));
      case "number": return String(Number(node.text) + 0);
      case "array": return `[${node.items.map((item, i) => this.#loose(item, spec?.prefixItems?.[i] ?? spec?.items))}]`;
      case "object": return this.#looseObject(node, spec);
      default: return write(node);
    }
  }

  #looseText(value, spec) {
    if (spec?.notes.some((note) => note.startsWith(IN_STRING)) && /^-?\d/u.test(value)) {
      const number = exact(/^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/u.test(value) ? value : "0");
      return number ? `${number.digits}e${number.power}` : value;
    }
    if (spec?.formats.includes("date-time")) return String(Date.parse(value.toUpperCase()));
    return spec?.formats.length > 0 ? value.toLowerCase() : value;
  }

  #looseObject(node, spec) {
    const known = new Map(node.members.filter(({ key }) => !spec || spec.properties.has(key) || spec.additional).map(({ key, value }) => [key, this.#loose(value, spec?.properties.get(key) ?? spec?.additional)]));
    for (const [key, places] of spec?.properties ?? []) {
      const written = places.find(([schema]) => schema.default !== undefined);
      if (written && !known.has(key)) known.set(key, this.#loose(treeOf(written[0].default), places));
    }
    return JSON.stringify([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function treeOf(value) {
  if (typeof value === "string") return { kind: "string", value };
  if (typeof value === "number") return { kind: "number", text: String(value) };
  if (Array.isArray(value)) return { kind: "array", items: value.map(treeOf) };
  if (value !== null && typeof value === "object") return { kind: "object", members: Object.entries(value).map(([key, one]) => ({ key, value: treeOf(one) })) };
  return { kind: "literal", text: String(value) };
}
