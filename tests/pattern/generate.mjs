// SPDX-License-Identifier: MIT
// Patterns made from ECMAScript's grammar, and texts made by walking them; both then broken here and there. The same seed makes the same.
//
// Characters are old enough that every version of Unicode in use says the same of them. Neither look-around nor back-references
// are made but by accident.

/** A generator of numbers in [0, 1): mulberry32. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const LETTERS = [..."aaabbbcxyzAZ019_ -"];
const OTHERS = [..."^$\\.*+?()[]{}|/,:<>=!~\t\n\v\f\r\0\b\x7f\u0085\u00a0éßµ²«»\u0130\u01c5\u02b0\u0300\u0301ΩωжЖ\u0663\u1680中ー\u2028\u2029\u202f\u20ac\u2160\u3000\ufeff\ue000\uffff\ufffd😀𝒳\u{20000}\u{10ffff}"];
const SYNTAX = new Set("^$\\.*+?()[]{}|/");
const PROPERTIES = ["L", "Lu", "Ll", "Lt", "Lm", "Lo", "LC", "N", "Nd", "Nl", "No", "P", "Pd", "Ps", "Pi", "Po", "S", "Sc", "Sm", "Z", "Zs", "Zl", "C", "Cc", "Co",
  "M", "Mn", "Letter", "Decimal_Number", "digit", "punct", "gc=Lu", "General_Category=Symbol", "Any", "ASCII", "Assigned", "ASCII_Hex_Digit", "AHex", "Script=Latin", "sc=Grek", "Script=Cyrillic", "sc=Zyyy", "sc=Qaai", "Script=Han", "sc=Hira", "Script_Extensions=Han", "scx=Hira",
  "Alphabetic", "Alpha", "Uppercase", "Lower", "White_Space", "ID_Start", "IDC", "XIDS", "Emoji", "Cased", "Math", "Dash", "QMark", "Ideo", "Hex"];
const BREAKERS = [..."^$\\.*+?()[]{}|/-,0129abkpuxc<>=!:", "(?:", "(?<n>", "(?<n>a)|(?<n>b)", "(?<é>", "(?<\\u0061>", "(?<1>", "(?<€>", "\\b", "\\p{", "\\u{", "\\u12", "[^", "{2}", "{,3}", "{3,2}", "\\-", "[\\b]", "[\\B]", "\\cA", "\\0", "\\00", "[a-\\d]"];

export class Maker {
  constructor(seed) {
    this.next = random(seed);
    this.names = 0;
    this.inside = 0; // so many repeats
  }

  below(n) {
    return Math.floor(this.next() * n);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  character() {
    return this.below(4) ? this.pick(LETTERS) : this.pick(OTHERS);
  }

  /** A character as a pattern, and in a class, has many spellings. */
  spelled(c, inClass) {
    const code = c.codePointAt(0), hex = code.toString(16);
    const pair = [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");
    if (this.below(8) === 0) return this.pick([`\\u{${hex}}`, `\\u{00${hex}}`, pair, code < 256 ? `\\x${hex.padStart(2, "0")}` : pair]);
    const control = { "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", "\0": "\\u0000" }[c];
    if (control) return this.below(2) || c === "\0" ? control : `\\c${String.fromCharCode(64 + code)}`;
    if (c === "\b") return inClass ? this.pick(["\\b", "\\x08"]) : "\\x08";
    if (c === "-") return inClass ? "\\-" : "-";
    return SYNTAX.has(c) ? `\\${c}` : c;
  }

  /** Each node: its text and a way to make a text that may match. */
  classNode() {
    const items = [];
    const samples = [];
    for (let i = this.below(4); i >= 0; i--) {
      const kind = this.below(5);
      if (kind === 0) {
        const letter = this.pick([..."dDwWsS"]);
        items.push(`\\${letter}`);
        samples.push(this.pick([..."5a_ é\n"]));
      } else if (kind === 1) {
        items.push(`\\${this.pick(["p", "P"])}{${this.pick(PROPERTIES)}}`);
        samples.push(this.character());
      } else if (kind === 2) {
        const ends = [this.character(), this.character()].sort((a, b) => a.codePointAt(0) - b.codePointAt(0));
        items.push(`${this.spelled(ends[0], true)}-${this.spelled(ends[1], true)}`);
        samples.push(...ends, String.fromCodePoint(Math.min(ends[0].codePointAt(0) + 1, ends[1].codePointAt(0))));
      } else {
        const c = this.character();
        items.push(this.spelled(c, true));
        samples.push(c);
      }
    }
    if (this.below(12) === 0) items.unshift("-");
    if (this.below(30) === 0) items.length = 0;
    const negated = this.below(4) === 0;
    return { text: `[${negated ? "^" : ""}${items.join("")}]`, walk: () => (negated || !items.length ? this.character() : this.pick(samples)) };
  }

  atom(depth) {
    const kind = this.below(depth > 0 ? 13 : 9);
    if (kind < 4) {
      const c = this.character();
      return { text: this.spelled(c, false), walk: () => c };
    }
    if (kind === 4) return { text: ".", walk: () => this.character() };
    if (kind === 5) return this.classNode();
    if (kind === 6) return { text: `\\${this.pick([..."dDwWsS"])}`, walk: () => this.pick([..."5a_ é\n"]) };
    if (kind === 7) return { text: `\\${this.pick(["p", "P"])}{${this.pick(PROPERTIES)}}`, walk: () => this.character() };
    if (kind === 8) return { text: this.pick(["^", "$", "\\b", "\\b", "\\B"]), walk: () => "", assertion: true };
    const inner = this.either(depth - 1);
    return { text: `${this.pick(["(", "(?:", `(?<${this.pick(["n", "n", "é", "$", "_\\u0301", "\\u{1d4b3}"])}${this.names++}>`])}${inner.text})`, walk: inner.walk };
  }

  repeated(depth) {
    // Repeats of repeats of repeats would keep the other engine busy for hours.
    const repeats = this.inside < 2 && this.below(3) === 0;
    this.inside += repeats;
    const child = this.atom(depth);
    this.inside -= repeats;
    if (child.assertion || !repeats) return child;
    const low = this.below(3), high = low + this.below(3);
    const [text, least, most] = this.pick([["*", 0, 3], ["+", 1, 3], ["?", 0, 1], [`{${low}}`, low, low], [`{${low},}`, low, low + 2], [`{${low},${high}}`, low, high]]);
    return {
      text: `${child.text}${text}${this.below(4) ? "" : "?"}`,
      walk: () => Array.from({ length: least + this.below(most - least + 1) }, child.walk).join(""),
    };
  }

  list(depth) {
    const nodes = Array.from({ length: this.below(5) }, () => this.repeated(depth));
    return { text: nodes.map((node) => node.text).join(""), walk: () => nodes.map((node) => node.walk()).join("") };
  }

  either(depth) {
    const nodes = Array.from({ length: this.below(4) ? 1 : 2 + this.below(2) }, () => this.list(depth));
    return { text: nodes.map((node) => node.text).join("|"), walk: () => this.pick(nodes).walk() };
  }

  pattern() {
    const node = this.either(3);
    const left = this.below(3) === 0 ? "^" : "", right = this.below(3) === 0 ? "$" : "";
    return left || right ? { text: `${left}(?:${node.text})${right}`, walk: node.walk } : node;
  }

  /** A few characters gone, added, or others. */
  broken(text, characters) {
    const list = [...text];
    for (let i = this.below(3); i >= 0; i--) {
      const at = this.below(list.length + 1);
      list.splice(at, this.below(2), ...(this.below(3) ? [this.pick(characters)] : []));
    }
    return list.join("");
  }

  brokenPattern(text) {
    return this.broken(text, BREAKERS);
  }

  /** At most 12 characters: the other engine tries all ways. */
  text(node) {
    let text = node.walk();
    if (this.below(4) === 0) text = this.broken(text, [...LETTERS, ...OTHERS]);
    if (this.below(4) === 0) text = this.character() + text;
    if (this.below(4) === 0) text += this.character();
    if (this.below(12) === 0) text = "";
    return [...text].slice(0, 12).join("").toWellFormed();
  }
}
