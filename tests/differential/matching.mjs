// SPDX-License-Identifier: MIT
// Texts that a pattern matches, made by walking it: JavaScript's regular expressions with the flag u, as far as msgc takes them.

const PROBES = [..."ab1_-AZ09z .,:;/@#é\u00e4ßñΩдЖ中😀\n\t\"'!?+()[]{}|\\^$*%&=<>~`\u0661²\u00a0\u2028"];

class Walker {
  constructor(pattern, next) {
    Object.assign(this, { pattern, next, at: 0, last: [] });
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  peek() {
    return this.pattern[this.at];
  }

  /** A character that an atom's own expression matches. */
  one(atom) {
    const expression = new RegExp(`^(?:${atom})$`, "u");
    const fits = PROBES.filter((probe) => expression.test(probe));
    if (fits.length > 0) return this.pick(fits);
    for (let c = 1; c < 0x3000; c++) if (expression.test(String.fromCodePoint(c))) return String.fromCodePoint(c);
    return "";
  }

  /** A maker of texts for what lies between | and |, up to a closing parenthesis. */
  choice() {
    const arms = [this.sequence()];
    while (this.peek() === "|") {
      this.at++;
      arms.push(this.sequence());
    }
    return () => this.pick(arms)();
  }

  sequence() {
    const parts = [];
    while (this.at < this.pattern.length && !"|)".includes(this.peek())) parts.push(this.repeated(this.atom()));
    return () => parts.map((part) => part()).join("");
  }

  atom() {
    const rest = this.pattern.slice(this.at);
    if (rest[0] === "(") {
      this.at += /^\((?:\?:|\?<\w+>)?/u.exec(rest)[0].length;
      const inner = this.choice();
      this.at++;
      return inner;
    }
    const [text] = /^(?:\[(?:\\.|[^\]\\])*\]|\\u\{[^}]*\}|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\x..|\\c.|\\[pP]\{[^}]*\}|\\.|.)/su.exec(rest);
    this.at += text.length;
    if (["^", "$", "\\b", "\\B"].includes(text)) return () => "";
    return () => this.one(text);
  }

  repeated(make) {
    const found = /^(?:\*|\+|\?|\{(\d+)(?:(,)(\d*))?\})\??/u.exec(this.pattern.slice(this.at));
    if (!found) return make;
    this.at += found[0].length;
    const sign = found[0][0];
    const low = sign === "{" ? Number(found[1]) : sign === "+" ? 1 : 0;
    const bound = found[2] ? (found[3] ? Number(found[3]) : low + 3) : low;
    const high = Math.min(sign === "{" ? bound : sign === "?" ? 1 : low + 3, low + 6);
    return () => Array.from({ length: low + Math.floor(this.next() * (high - low + 1)) }, make).join("");
  }
}

/** A text that it matches, probably; anchors and boundaries are not looked at. */
export function textFor(pattern, next) {
  return new Walker(pattern, next).choice()();
}
