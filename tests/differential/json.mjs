// SPDX-License-Identifier: MIT
// JSON as a tree that loses nothing: numbers keep their digits, members their order and their doubles. What a text is, beside valid: how
// deep, with members that come twice, with halves of surrogate pairs, with numbers that a double does not hold.
//
// Nodes: {kind: "literal", text} | {kind: "number", text} | {kind: "string", value, text?} | {kind: "array", items} |
// {kind: "object", members: [{key, keyText?, value}]} | {kind: "raw", text}, which may be anything.

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/uy;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const BLANK = /[ \t\n\r]*/uy;

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found?.[0];
  }

  /** True, and behind it, if this character comes next. */
  next(character) {
    this.take(BLANK);
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  string() {
    this.take(BLANK);
    const text = this.take(STRING);
    if (text === undefined) throw new SyntaxError(`at ${this.at}`);
    return { kind: "string", value: JSON.parse(text), text };
  }

  object() {
    const members = [];
    if (this.next("}")) return { kind: "object", members };
    do {
      const { value: key, text: keyText } = this.string();
      if (!this.next(":")) throw new SyntaxError(`at ${this.at}`);
      members.push({ key, keyText, value: this.value() });
    } while (this.next(","));
    if (!this.next("}")) throw new SyntaxError(`at ${this.at}`);
    return { kind: "object", members };
  }

  array() {
    const items = [];
    if (this.next("]")) return { kind: "array", items };
    do items.push(this.value()); while (this.next(","));
    if (!this.next("]")) throw new SyntaxError(`at ${this.at}`);
    return { kind: "array", items };
  }

  value() {
    if (this.next("{")) return this.object();
    if (this.next("[")) return this.array();
    if (this.text[this.at] === '"') return this.string();
    const text = this.take(NUMBER) ?? this.take(/true|false|null/uy);
    if (text === undefined) throw new SyntaxError(`at ${this.at}`);
    return /^[tfn]/u.test(text) ? { kind: "literal", text } : { kind: "number", text };
  }
}

/** The tree of a text; null: it is no JSON. */
export function parse(text) {
  const reader = new Reader(text);
  try {
    const node = reader.value();
    reader.take(BLANK);
    return reader.at === text.length ? node : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/** blank: called between tokens, gives white space. */
export function write(node, blank = () => "") {
  switch (node.kind) {
    case "object": {
      const members = node.members.map(({ key, keyText, value }) => `${blank()}${keyText ?? JSON.stringify(key)}${blank()}:${blank()}${write(value, blank)}${blank()}`);
      return `{${members.join(",") || blank()}}`;
    }
    case "array": return `[${node.items.map((item) => `${blank()}${write(item, blank)}${blank()}`).join(",") || blank()}]`;
    case "string": return node.text ?? JSON.stringify(node.value);
    default: return node.text;
  }
}

/** Calls look(node, depth, isKey) on every node and name, outermost first. */
export function visit(node, look, depth = 0) {
  look(node, depth);
  if (node.kind === "array") for (const item of node.items) visit(item, look, depth + 1);
  if (node.kind === "object") {
    for (const { key, value } of node.members) {
      look({ kind: "string", value: key }, depth + 1, true);
      visit(value, look, depth + 1);
    }
  }
}

/** How many arrays and objects are open at the deepest place. */
export function depthOf(node) {
  let most = 0;
  visit(node, ({ kind }, depth) => { if (kind === "array" || kind === "object") most = Math.max(most, depth + 1); });
  return most;
}

export function hasDuplicates(node) {
  let found = false;
  visit(node, (part) => { if (part.kind === "object" && new Set(part.members.map(({ key }) => key)).size < part.members.length) found = true; });
  return found;
}

export function hasLoneSurrogates(node) {
  let found = false;
  visit(node, (part) => { if (part.kind === "string" && !part.value.isWellFormed()) found = true; });
  return found;
}

/** An exact number: sign, digits as a BigInt, power of ten. The digits end in no zero. null: a power that nobody computes with. */
export function exact(text) {
  const [, sign, whole, , fraction = "", power = "0"] = /^(-?)(\d+)(\.(\d+))?(?:[eE]([-+]?\d+))?$/u.exec(text);
  const digits = (whole + fraction).replace(/^0+(?=.)/u, "");
  const kept = digits.replace(/0+$/u, "");
  if (kept === "") return { digits: 0n, power: 0 };
  const total = Number(power) - fraction.length + digits.length - kept.length;
  if (!Number.isSafeInteger(total) || Math.abs(total) > 100000) return null;
  return { digits: BigInt(sign + kept), power: total };
}

/** Below, equal to or above zero, as two exact numbers compare. */
export function compare(a, b) {
  const low = Math.min(a.power, b.power);
  const difference = a.digits * 10n ** BigInt(a.power - low) - b.digits * 10n ** BigInt(b.power - low);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isMultiple(value, step) {
  const low = Math.min(value.power, step.power);
  return (value.digits * 10n ** BigInt(value.power - low)) % (step.digits * 10n ** BigInt(step.power - low)) === 0n;
}

/** A double holds it, and tells it from its neighbours among numbers written as short: what JavaScript's validators need. */
export function isPlain(text) {
  const number = Number(text);
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) return false;
  const value = exact(text);
  return value !== null && compare(value, exact(String(number))) === 0;
}
