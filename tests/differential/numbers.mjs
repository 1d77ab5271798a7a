// SPDX-License-Identifier: MIT
// Numbers within limits and at their edges, as exact texts. Knows nothing of schemas.
import { compare, exact, isMultiple } from "./json.mjs";

const KEYS = { minimum: "min", maximum: "max", exclusiveMinimum: "above", exclusiveMaximum: "below", multipleOf: "step" };
const WORDS = [["min", /at least (-?[\d.]+)/u], ["max", /at most (-?[\d.]+)/u], ["above", /more than (-?[\d.]+)/u], ["below", /less than (-?[\d.]+)/u],
  ["step", /a multiple of ([\d.]+)/u]];
export const IN_STRING = "a number in a string";

/** A number of a schema that a double does not hold. */
export class Exact {
  constructor(text) {
    this.text = text;
  }
}

/** {min, max, above, below, step}: exact numbers or undefined; isInt. */
export function limitsOf(spec) {
  const limits = { isInt: spec.types?.includes("integer") ?? false };
  for (const [key, name] of Object.entries(KEYS)) {
    if (spec[key] !== undefined) limits[name] = exact(spec[key].text ?? String(spec[key]));
  }
  return limits;
}

/** What a note says of a number in a string. */
export function limitsOfNote(spec) {
  const note = spec.notes.find((text) => text.startsWith(IN_STRING));
  const limits = { isInt: !spec.patterns.some((pattern) => pattern.includes("\\.")) };
  for (const [name, words] of WORDS) {
    const found = words.exec(note);
    if (found) limits[name] = exact(found[1]);
  }
  return limits;
}

export function keepsTo(limits, number) {
  return (!limits.min || compare(number, limits.min) >= 0) && (!limits.max || compare(number, limits.max) <= 0)
    && (!limits.above || compare(number, limits.above) > 0) && (!limits.below || compare(number, limits.below) < 0)
    && (!limits.step || isMultiple(number, limits.step)) && (!limits.isInt || number.power >= 0);
}

/** Digits without an exponent. */
export function toText({ digits, power }) {
  if (power >= 0) return `${digits}${"0".repeat(digits === 0n ? 0 : power)}`;
  const text = String(digits < 0n ? -digits : digits).padStart(1 - power, "0");
  return `${digits < 0n ? "-" : ""}${text.slice(0, power)}.${text.slice(power)}`;
}

function add(a, b) {
  const low = Math.min(a.power, b.power);
  return exact(toText({ digits: a.digits * 10n ** BigInt(a.power - low) + b.digits * 10n ** BigInt(b.power - low), power: low }));
}

const minus = (a) => ({ digits: -a.digits, power: a.power });
const ONE = exact("1");

/** The smallest steps away from an edge: by one, by the step, and by a digit that only exact numbers see. */
function steps(limits) {
  return [ONE, ...(limits.step ? [limits.step] : []), ...(limits.isInt ? [] : [exact("0.1"), exact("1e-17"), exact("1e-30")])];
}

function edges(limits) {
  const list = [];
  for (const edge of [limits.min, limits.max, limits.above, limits.below]) {
    if (edge) list.push(edge, ...steps(limits).flatMap((step) => [add(edge, step), add(edge, minus(step))]));
  }
  return list;
}

/** Between the limits, at any place; multiples of the step. */
function inside(limits, next) {
  const low = limits.min ?? limits.above ?? add(limits.max ?? limits.below ?? exact("1000"), exact("-2000"));
  const high = limits.max ?? limits.below ?? add(low, exact("2000"));
  const power = Math.min(low.power, high.power, limits.isInt ? 0 : -3);
  const scaled = (n) => n.digits * 10n ** BigInt(n.power - power);
  const width = scaled(high) - scaled(low);
  const at = scaled(low) + (width <= 0n ? 0n : (width * BigInt(Math.floor(next() * 2 ** 40))) / 2n ** 40n);
  const number = exact(toText({ digits: at, power }));
  if (!limits.step) return limits.isInt ? exact(toText(number).split(".")[0]) : number;
  const fine = Math.min(number.power, limits.step.power);
  const unit = limits.step.digits * 10n ** BigInt(limits.step.power - fine);
  const units = (number.digits * 10n ** BigInt(number.power - fine)) / unit;
  return exact(toText({ digits: units * unit, power: fine }));
}

/** A number that keeps to its limits, as text; undefined: none was found. */
export function withinLimits(limits, next) {
  const candidates = [...edges(limits), exact("0"), ONE, inside(limits, next), inside(limits, next), inside(limits, next)].filter((n) => keepsTo(limits, n));
  return candidates.length > 0 ? toText(candidates[Math.floor(next() * candidates.length)]) : undefined;
}

const SPECIAL = ["0", "-0", "0.0", "-0.0", "1", "-1", "1.5", "0.1", "0.30000000000000004", "127", "128", "-128", "-129", "255", "256", "32767", "32768", "-32769", "65535", "65536",
  "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993",
  "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e2", "1E+2", "1e-2", "100e-2",
  "5e-324", "2e-324", "1e-400", "1.7976931348623157e308", "1.7976931348623158e308", "1.8e308", "1e400", "-1e400", "1e99999", "3.4028234663852886e38", "3.4028236e38", "3.5e38", "1e-46",
  "253402300799", "253402300800", "-62167219200", "-62167219201", "253402300799999", "253402300800000", "0.1e1", "12345678901234567890.5", "0.1234567890123456789012345678901"];

/** The same number, written in another way. */
export function spelled(text, next) {
  const ways = [`${text}${text.includes(".") ? "" : "."}0`, `${text}e0`, `${text}E+0`, `${text}e-0`];
  if (!text.includes(".")) ways.push(`${text}0e-1`, `${text}000e-3`);
  if (/[1-9]0+$/u.test(text) && !text.includes(".")) ways.push(text.replace(/0+$/u, (zeros) => `e${zeros.length}`));
  if (text === "0") ways.push("-0", "0e5", "-0.0", "0.000");
  return ways[Math.floor(next() * ways.length)];
}

/** Anything that an edge, a type or a reader of numbers could be wrong about. */
export function numberNear(limits, next) {
  const list = [...edges(limits).map(toText), ...SPECIAL];
  const text = list[Math.floor(next() * (next() < 0.5 ? list.length : Math.max(1, list.length - SPECIAL.length)))];
  return next() < 0.2 && !/[eE]/u.test(text) ? spelled(text, next) : text;
}
