// SPDX-License-Identifier: MIT
// JSON texts made by walking a schema: mostly what it asks for, broken in at most one place. The same seed makes the same texts.
// It does not know which of them are valid: two judges say that, and must agree.
//
// What the language reference lists as differences is not made here: duplicate members, white space at the ends of trimmed strings,
// numbers that a double does not hold, UTF-8 byte limits, limits of numbers in strings, unknown members in lists whose elements must differ.

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

const SAFE = 9007199254740991;
const CHARACTERS = ["a", "b", "Z", "0", "-", "_", " ", "é", "ß", "€", "😀", "\u0000", "\n", '"', "\\", "/", "\u2028", "\u007f"];

// Both valid and invalid: the judges decide.
const SAMPLES = {
  email: ["a@b.example", "first.last+tag@example.org", "@b.example", "a@", "a b@c.example", "plain"],
  uri: ["https://example.org/a?b=c#d", "urn:isbn:0451450523", "mailto:a@b.example", "/relative", "http://a b/", "://x", ""],
  "uri-reference": ["https://example.org/", "../a/b", "#f", "?q=%20", "a b", "%zz"],
  hostname: ["example.org", "a", "xn--bcher-kva.example", "-a.example", "a-.example", "a..b", "under_score.example", ""],
  ipv4: ["127.0.0.1", "255.255.255.255", "256.0.0.1", "1.2.3", "1.2.3.4.5", "a.b.c.d", "01.2.3.4"],
  ipv6: ["::1", "::", "2001:db8::8:800:200c:417a", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7", "fe80::1%eth0"],
  uuid: ["00112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-AABBCCDDEEFF", "00112233445566778899aabbccddeeff", "0", "00112233-4455-6677-8899-aabbccddeefg"],
  "date-time": ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.123456789+05:30", "2023-02-29T12:00:00Z", "2024-01-01T24:00:00Z",
    "2024-01-01 12:00:00Z", "2024-01-01T12:00:00", "2024-13-01T00:00:00Z", "1999-12-31T23:59:60Z", "2024-1-1T00:00:00Z", "2024-01-01T00:00:00+25:00", "2024-01-01t00:00:00z"],
  date: ["2024-02-29", "0000-01-01", "9999-12-31", "2023-02-29", "2024-00-01", "2024-01-32", "24-01-01", "2024-01-01T"],
  time: ["00:00:00Z", "23:59:59.999+23:59", "23:59:60Z", "24:00:00Z", "12:60:00Z", "12:00Z", "12:00:00", "12:00:00z"],
  "json-pointer": ["/a~1b/0", "", "/", "//~0", "a", "/~", "/~2", "#/a", "/é"],
  duration: ["P1Y2M3DT4H5M6S", "P4W", "PT0S", "P1D", "P", "PT", "1D", "P1Y1W", "P-1D", "PT1.5S", "p1d"],
};

// By pattern: texts that match, and others near them.
const MATCHING = {
  "^(?:[A-Z]{1,2}-)?\\p{Nd}{3,5}$": [["123", "AB-12345", "Z-\u0661\u0662\u0663"], ["12", "123456", "ABC-123", "a-123", "AB123", "x123", "A-1\n23", "²³³"]],
  "^\\d+\\.\\d+(?:\\.\\d+)?(?:-[\\w.]+)?$": [["1.0", "12.34.56", "0.1.2-rc.1_x"], ["1", "1.", "1.2.3.4", "1.2-", "v1.2", "1.2-é", "1.2.3-0123456789abcdef"]],
  "\\B@\\p{L}+\\b": [["@ab", "hi @Ada!", "-@éa", "@éa b"], ["a@b", "@", "@1", "@é", "@é!", "@中"]],
  "[a-z].*[0-9]": [["a1", "xa-_1", "Aa0Z"], ["1a", "A1", "a", "a\n1", "aé1"]],
  '^"[^"\\u0000-\\u001f]*"$': [['""', '"é😀"', '"a b"'], ['"', '"""', "a", '"\n"', '""\n']],
};

/** Makes texts of schemas. resolve(reference, base) gives [schema, base]; mutate: the number of the place to break, or -1. */
class Maker {
  constructor(next, resolve, mutate) {
    Object.assign(this, { next, resolve, mutate, places: 0, unique: 0 });
  }

  below(n) {
    return Math.floor(this.next() * n);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** True at the one place that is to be broken. */
  broken() {
    return this.places++ === this.mutate;
  }

  value(schema, base, depth) {
    if (schema.$ref !== undefined && schema.properties === undefined) {
      const [target, there] = this.resolve(schema.$ref, base);
      return this.value(target, there, depth);
    }
    if (schema.anyOf) return this.value(this.pick(schema.anyOf), base, depth);
    if (this.broken()) {
      const others = ["null", "true", "1", "1.5", '"text"', '""', "[]", "{}", "-1", "[null]", '{"a":1}'];
      return this.pick(schema.$comment?.includes("UTF-8") ? others.filter((text) => text !== '""') : others);
    }
    if (schema.const !== undefined) return this.pick([schema.const, schema.const, schema.const + (this.broken() ? "x" : "")]).replace(/^.*$/su, (s) => JSON.stringify(s));
    const type = Array.isArray(schema.type) ? this.pick(schema.type) : schema.type;
    if (schema.enum) return type === "null" ? "null" : this.enumeration(schema);
    switch (type) {
      case "null": return "null";
      case "boolean": return this.pick(["true", "false"]);
      case "integer": return this.integer(schema);
      case "number": return this.number(schema);
      case "string": return this.string(schema);
      case "array": return this.array(schema, base, depth);
      case "object": return this.object(schema, base, depth);
      default: return this.pick(["null", "[1,{}]", '"any"', "1e5", '{"a":{"b":[true]}}']);
    }
  }

  enumeration(schema) {
    const value = this.pick(schema.enum);
    if (!this.broken()) return JSON.stringify(value);
    return typeof value === "number" ? this.pick([String(value + 1), `${value}.5`, `"${value}"`]) : JSON.stringify(this.pick([`${value}x`, value.toUpperCase(), ""]));
  }

  integer(schema) {
    const low = Math.max(schema.minimum ?? (schema.exclusiveMinimum ?? -SAFE - 1) + 1, -SAFE);
    const high = Math.min(schema.maximum ?? (schema.exclusiveMaximum ?? SAFE + 1) - 1, SAFE);
    const step = schema.multipleOf ?? 1;
    let n = this.pick([low, high, 0, 1, Math.round(low + this.next() * (high - low))]);
    n = Math.min(high, Math.max(low, n));
    n -= n % step;
    const bounded = schema.minimum !== undefined || schema.exclusiveMinimum !== undefined;
    // One beyond the edge, where a double still tells it from the edge.
    const below = low > -SAFE || schema.minimum === -SAFE ? low - 1 : low;
    const beyond = high < SAFE || schema.maximum === SAFE ? high + 1 : high;
    if (this.broken()) return this.pick([String(below), String(beyond), `${n % 1000}.5`, `"${n}"`, String(n + 1), `${n % 1000}e-1`, bounded ? "1e999" : "1.5", "-0.0"]);
    return this.pick([String(n), String(n), String(n), `${n}.0`, Number.isSafeInteger(n * 10) && n !== 0 ? `${n}0e-1` : "0", n === 0 ? "-0" : `${n}e0`]);
  }

  number(schema) {
    const low = schema.minimum ?? schema.exclusiveMinimum ?? -1000;
    const high = schema.maximum ?? schema.exclusiveMaximum ?? 1000;
    const small = Math.max(low, -1000);
    let n = small + this.next() * (Math.min(high, 1000) - small);
    if (schema.multipleOf) n -= n % schema.multipleOf;
    const outside = [`"${n}"`, "0.1", "5e-324", "-0"];
    // Validators divide by the step in doubles, which ends at large numbers.
    if (!schema.multipleOf || Math.abs(low) < SAFE) outside.push(`${low}`, `${low - 1}`);
    if (!schema.multipleOf || Math.abs(high) < SAFE) outside.push(`${high}`, `${high + 1}`);
    if (schema.$comment === undefined) outside.push("1e999", "-1e999");
    return this.broken() ? this.pick(outside) : this.pick([String(n), String(n), Number.isInteger(n) ? `${n}.0` : String(n)]);
  }

  characters(count, plain) {
    let text = "";
    for (let i = 0; i < count; i++) text += plain ? this.pick(["a", "b", "Z", "0", "-", "_"]) : this.pick(CHARACTERS);
    return text;
  }

  /** A string's content as JSON, some of it escaped. */
  quoted(text) {
    let json = "";
    for (const c of text) {
      const plain = JSON.stringify(c).slice(1, -1);
      const escaped = [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");
      json += this.below(8) === 0 ? escaped : plain;
    }
    return `"${json}"`;
  }

  string(schema) {
    const comment = schema.$comment ?? "";
    if (comment.startsWith("a number in a string")) return this.numberInString(schema);
    if (schema.contentEncoding) return this.base64();
    if (schema.format) return JSON.stringify(this.broken() ? this.pick(SAMPLES[schema.format]) : SAMPLES[schema.format][0]);
    const matching = MATCHING[schema.pattern];
    if (matching) return this.quoted(this.pick(matching[this.broken() ? 1 : 0]));
    // Neither white space at the ends nor characters of several bytes where the schema cannot tell what they do.
    const plain = schema.pattern !== undefined || comment !== "";
    const low = schema.minLength ?? (comment.includes("UTF-8") ? 3 : 0);
    const high = Math.min(schema.maxLength ?? low + 8, low + 40);
    let length = this.pick([low, high, low + this.below(high - low + 1)]);
    if (comment.includes("UTF-8")) length = 3;
    else if (this.broken()) length = this.pick([Math.max(0, low - 1), (schema.maxLength ?? high) + 1, 0]);
    if (schema.pattern && this.broken()) return this.quoted(this.pick(["", " ", "\t\n", "a b", "é", "\u00a0", "\ufeff", "\u0085"]));
    return this.quoted(this.characters(length, plain));
  }

  numberInString(schema) {
    const [, low] = /at least (-?[\d.]+)/.exec(schema.$comment) ?? [null, "0"];
    const [, above] = /more than (-?[\d.]+)/.exec(schema.$comment) ?? [null, null];
    const [, step] = /a multiple of ([\d.]+)/.exec(schema.$comment) ?? [null, null];
    const good = above ? String(Math.round((Number(above) + Number(step ?? 1)) * 1e6) / 1e6) : this.pick([low, step ?? low]);
    if (!this.broken()) return `"${good}"`;
    return this.pick([`"${good}x"`, '""', `"+${good}"`, '"01"', '" 1"', '"1."', '".5"', '"-"', '"1e"', good]);
  }

  base64() {
    const bytes = Buffer.from(this.characters(this.below(9), true));
    const text = bytes.toString("base64");
    if (!this.broken()) return `"${text}"`;
    return JSON.stringify(this.pick([text.slice(1), `${text}=`, text.replaceAll("=", ""), `${text}\n`, "AB==", "ABC=", "-_-_", "A===", "====", `${text}AAAA`]));
  }

  array(schema, base, depth) {
    const low = schema.minItems ?? 0;
    let length = depth > 6 ? low : this.pick([low, Math.min(schema.maxItems ?? low + 3, low + 4), low + this.below(3)]);
    length = Math.min(length, schema.maxItems ?? length);
    if (this.broken()) length = this.pick([Math.max(0, low - 1), (schema.maxItems ?? length) + 1]);
    const items = [];
    this.unique += schema.uniqueItems ? 1 : 0;
    for (let i = 0; i < length; i++) items.push(this.value(schema.items, base, depth + 1));
    this.unique -= schema.uniqueItems ? 1 : 0;
    if (items.length > 1 && this.broken()) items[items.length - 1] = items[0];
    return `[${items.join(this.pick([",", ",", " , "]))}]`;
  }

  object(schema, base, depth) {
    const members = [];
    const required = new Set(schema.required ?? []);
    let properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, property, base]);
    if (schema.$ref !== undefined) {
      const [target, there] = this.resolve(schema.$ref, base);
      properties = properties.concat(Object.entries(target.properties ?? {}).map(([name, property]) => [name, property, there]));
    }
    for (const [name, property, where] of properties) {
      const present = required.has(name) ? !this.broken() : depth < 12 && this.below(3) === 0;
      if (present) members.push(`${this.quoted(name)}:${this.value(property, where, depth + 1)}`);
    }
    if (typeof schema.additionalProperties === "object") members.push(...this.entries(schema, base, depth));
    else if (!this.unique && this.broken()) members.push(`"unknown member":${this.pick(["null", '{"a":[1,{"b":null}]}', "1e5"])}`);
    if (this.below(4) === 0) members.reverse();
    return `{${members.join(this.pick([",", ",", " ,\t"]))}}`;
  }

  entries(schema, base, depth) {
    const low = schema.minProperties ?? 0;
    let count = depth > 6 ? low : low + this.below(3);
    count = Math.min(count, schema.maxProperties ?? count);
    if (this.broken()) count = this.pick([Math.max(0, low - 1), (schema.maxProperties ?? count) + 1]);
    const made = [];
    for (let i = 0; i < count; i++) made.push(`${this.quoted(`k${i}${this.characters(2, false)}`)}:${this.value(schema.additionalProperties, base, depth + 1)}`);
    return made;
  }
}

/** The i-th text of a schema: every third one whole, the others broken in one place. */
export function makeText(schema, base, resolve, seed) {
  const whole = new Maker(random(seed), resolve, -1);
  const text = whole.value(schema, base, 0);
  if (seed % 3 === 0) return text;
  const place = Math.floor(random(seed ^ 0x5bd1e995)() * whole.places);
  return new Maker(random(seed), resolve, place).value(schema, base, 0);
}
