// SPDX-License-Identifier: MIT
// Texts of each format: made by the grammar of its RFC, or nearly so, many of them then broken in one place. The same seed makes the
// same. It does not know which are valid.

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

const ALNUM = [..."abcxyzABCXYZ0189"];
const JUNK = [..." \t\n\0\x7f\"'\\<>{}|^`%@:/?#[]!$&()*+,;=-._~0aZzTt9", "é", "\u00a0", "\u0660", "K", "ſ", "😀", "\ufeff", "\u2028"];

export class Maker {
  constructor(seed) {
    this.next = random(seed);
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

  /** low to high items of make(), or of a list. */
  many(low, high, make) {
    const list = Array.isArray(make) || typeof make === "string" ? [...make] : null;
    return Array.from({ length: low + this.below(high - low + 1) }, () => (list ? this.pick(list) : make())).join("");
  }

  joined(low, high, separator, make) {
    return Array.from({ length: low + this.below(high - low + 1) }, make).join(separator);
  }

  digits(n) {
    return this.many(n, n, "0123456789");
  }

  padded(low, high, n) {
    return String(low + this.below(high - low + 1)).padStart(n, "0");
  }

  // ---- names and addresses

  label() {
    const length = this.one(12) ? 60 + this.below(5) : 1 + this.below(8);
    const inner = this.many(Math.max(0, length - 2), Math.max(0, length - 2), [...ALNUM, "-"]);
    return length === 1 ? this.pick(ALNUM) : this.pick(ALNUM) + inner + this.pick(ALNUM);
  }

  hostname() {
    if (this.one(15)) {
      // About 253 characters.
      const text = this.many(40, 40, () => `${this.many(1, 9, ALNUM)}.`) + this.many(63, 63, ALNUM);
      return text.slice(text.length - 248 - this.below(10));
    }
    return this.joined(1, 4, ".", () => this.label()) + (this.one(12) ? "." : "");
  }

  octet() {
    return String(this.pick([0, 1, 9, 10, 99, 100, 199, 200, 249, 250, 255, 256, 300, 999, this.below(256)]));
  }

  ipv4() {
    return Array.from({ length: 4 }, () => (this.one(25) ? "0" : "") + this.octet()).join(".");
  }

  group() {
    return this.many(1, this.one(30) ? 5 : 4, "0123456789abcdefABCDEF");
  }

  ipv6() {
    const tail = this.one(3);
    const whole = tail ? 6 : 8;
    const gap = this.below(3) !== 0;
    const count = gap ? this.below(whole + 1) : whole + (this.one(10) ? this.below(3) - 1 : 0);
    const groups = Array.from({ length: count }, () => this.group());
    const at = this.below(count + 1);
    const colon = (list) => list.join(":");
    let text = gap ? `${colon(groups.slice(0, at))}::${colon(groups.slice(at))}` : colon(groups);
    if (tail) text += `${text.endsWith(":") ? "" : ":"}${this.ipv4()}`;
    return text;
  }

  // ---- email

  atom() {
    return this.many(1, 8, [...ALNUM, ..."!#$%&'*+-/=?^_`{|}~"]);
  }

  localPart() {
    if (this.one(6)) return `"${this.many(0, 8, () => (this.one(4) ? `\\${this.pick([..." \"\\a~"])}` : this.pick([...ALNUM, ..." .@(),;<>[]:!"])))}"`;
    if (this.one(12)) return this.many(62, 66, ALNUM);
    return this.joined(1, 3, ".", () => this.atom());
  }

  mailDomain() {
    if (this.one(10)) return `[${this.ipv4()}]`;
    if (this.one(10)) return `[IPv6:${this.ipv6()}]`;
    return this.hostname();
  }

  email() {
    return `${this.localPart()}@${this.mailDomain()}`;
  }

  // ---- uri

  pchar(more = "") {
    return this.one(8) ? `%${this.many(2, 2, "0123456789abcdefABCDEF")}` : this.pick([...ALNUM, ..."-._~!$&'()*+,;=", ...more]);
  }

  chars(low, high, more) {
    return this.many(low, high, () => this.pchar(more));
  }

  authority() {
    const user = this.one(4) ? `${this.chars(0, 5, ":")}@` : "";
    const host = this.pick([() => this.hostname(), () => this.chars(0, 6, ""), () => `[${this.ipv6()}]`, () => this.ipv4(),
      () => `[::${this.pick(["", "", "0"])}${this.below(100)}.0.2.${this.pick(["3", "04"])}]`, () => `[v${this.many(1, 2, "0f")}.${this.many(1, 3, [...ALNUM, ":", "~"])}]`])();
    return user + host + (this.one(4) ? `:${this.many(0, 5, "0123456789")}` : "");
  }

  hierarchy() {
    const segments = (low) => this.many(low, 3, () => `/${this.chars(0, 4, ":@")}`);
    return this.pick([() => `//${this.authority()}${segments(0)}`, () => segments(1), () => this.chars(1, 4, ":@") + segments(0), () => "",
      () => `/${this.authority()}`])();
  }

  tail() {
    return (this.one(3) ? `?${this.chars(0, 5, ":@/?")}` : "") + (this.one(3) ? `#${this.chars(0, 5, ":@/?")}` : "");
  }

  uri() {
    return `${this.pick([..."aZ"])}${this.many(0, 5, [...ALNUM, ..."+-."])}:${this.hierarchy()}${this.tail()}`;
  }

  uriReference() {
    return this.one(3) ? this.uri() : this.hierarchy() + this.tail();
  }

  // ---- times

  date() {
    const year = this.pick([() => this.digits(4), () => this.pick(["0000", "0004", "1900", "2000", "2023", "2024", "9999"])])();
    const month = this.padded(this.one(20) ? 0 : 1, this.one(20) ? 13 : 12, 2);
    return `${year}-${month}-${this.pick([() => this.padded(0, 32, 2), () => this.padded(28, 31, 2), () => this.padded(1, 28, 2)])()}`;
  }

  offset() {
    if (this.one(3)) return this.pick(["Z", "z", "+00:00", "-00:00", "+23:59", "-23:59", "+24:00", "+00:60", ""]);
    const sign = this.pick(["+", "-"]);
    const hours = this.padded(0, 23, 2), minutes = this.pick(["00", "30", "45", "59", this.padded(0, 59, 2)]);
    return sign + hours + this.pick([":", ":", ":", ":", ":", ":", ""]) + (this.one(15) ? "" : minutes);
  }

  /** Second 60 where UTC has 23:59, mostly. */
  leapTime() {
    const sign = this.pick([1, -1]), hours = this.below(24), minutes = this.pick([0, 30, 45, 59, this.below(60)]);
    const local = (23 * 60 + 59 + sign * (hours * 60 + minutes) + (this.one(8) ? this.pick([-60, -1, 1, 60]) : 0) + 2880) % 1440;
    const pad = (n) => String(n).padStart(2, "0");
    const fraction = this.one(4) ? ".5" : "";
    return `${pad(Math.floor(local / 60))}:${pad(local % 60)}:60${fraction}${sign > 0 ? "+" : "-"}${pad(hours)}:${pad(minutes)}`;
  }

  time() {
    if (this.one(6)) return this.leapTime();
    const seconds = this.pick([() => this.padded(0, 59, 2), () => this.padded(57, 61, 2)])();
    const fraction = this.one(3) ? `.${this.many(this.one(8) ? 0 : 1, 12, "0123456789")}` : "";
    return `${this.padded(0, this.one(15) ? 25 : 23, 2)}:${this.padded(0, this.one(15) ? 61 : 59, 2)}:${seconds}${fraction}${this.offset()}`;
  }

  dateTime() {
    return this.date() + this.pick(["T", "T", "T", "T", "t", this.pick([" ", "\t", "\u00a0", "_"])]) + this.time();
  }

  duration() {
    const unit = (letter, odds) => (this.below(odds) ? "" : `${this.many(1, this.one(30) ? 25 : 4, "0123456789")}${letter}`);
    if (this.one(6)) return `P${unit("W", 1)}`;
    const time = this.one(2) ? `T${unit("H", 2)}${unit("M", 2)}${unit("S", 2)}` : "";
    return `P${unit("Y", 2)}${unit("M", 2)}${unit("D", 2)}${time}`;
  }

  // ---- others

  uuid() {
    return (this.one(12) ? "urn:uuid:" : "") + [8, 4, 4, 4, 12].map((n) => this.many(n, n, "0123456789abcdefABCDEF")).join("-");
  }

  jsonPointer() {
    return this.many(0, 4, () => `/${this.many(0, 4, [...ALNUM, "~0", "~1", " ", "é", "\\", '"', "😀", "%", "\n"])}`);
  }

  slug() {
    return this.many(1, 8, [...ALNUM, "-", "_"]);
  }

  letters() {
    return this.many(0, 7, "aaabbbccAZ09-d");
  }

  /** One character gone, added, another, twice, or in another case; or a space or line break at an end. */
  broken(text) {
    const list = [...text], at = this.below(list.length + 1), c = list[at] ?? "";
    const junk = this.pick([() => this.pick(JUNK), () => this.pick(list.length ? list : JUNK)])();
    const [gone, put] = this.pick([[1, []], [0, [junk]], [1, [junk]], [0, [c]], [1, [c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()]]]);
    list.splice(at, gone, ...put);
    return (this.one(40) ? this.pick([" ", "\n"]) : "") + list.join("") + (this.one(40) ? this.pick([" ", "\n"]) : "");
  }

  text(kind) {
    const text = this[kind]();
    return (this.one(3) ? this.broken(text) : text).toWellFormed();
  }
}
