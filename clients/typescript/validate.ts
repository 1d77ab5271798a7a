/* SPDX-License-Identifier: MIT */
/*
 * validate.ts - checks what travels against the tables of the contract: the words of the server, and its verdict but for what only C
 * decides (`check`) and conditions across members (`require`). Exact where numbers kept their digits.
 */
import type { Problem } from "./errors.js";
import { hasFormat } from "./formats.js";
import { Digits } from "./json.js";
import { fits, has, isObject, type Literal, type Member, type Range, type Shape, type Shapes, type Use } from "./shapes.js";
import { at, type EnvelopeSpec, type Frame, type MessageSpec } from "./wire.js";

const MOST_PROBLEMS = 16;
const DEEPEST = 64;

type Loc = readonly (string | number)[];

/* ---- exact numbers: an integer times a power of ten ---- */

interface Exact {
	readonly digits: bigint;
	readonly exponent: number;
}

const EXPONENT_MOST = 5_000;

function exactOf(text: string): Exact | null {
	const [, sign = "", whole = "", part = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
	const power = Number(exponent) - part.length;
	const digits = BigInt((whole + part) || "0");
	if (whole === "")
		return null;
	/* Beyond that no bound is, so nearer will do. */
	const nearer = Math.max(-EXPONENT_MOST, Math.min(EXPONENT_MOST, power));
	return { digits: sign ? -digits : digits, exponent: digits === 0n ? 0 : nearer };
}

/** Both with the same exponent. */
function aligned(a: Exact, b: Exact): [bigint, bigint] {
	const exponent = Math.min(a.exponent, b.exponent);
	return [a.digits * 10n ** BigInt(a.exponent - exponent), b.digits * 10n ** BigInt(b.exponent - exponent)];
}

function compare(a: Exact, b: Exact): number {
	const [left, right] = aligned(a, b);
	return left < right ? -1 : left > right ? 1 : 0;
}

function isMultiple(a: Exact, step: Exact): boolean {
	const [value, by] = aligned(a, step);
	return by !== 0n && value % by === 0n;
}

const isIntegral = (value: Exact) => value.exponent >= 0 || value.digits % 10n ** BigInt(-value.exponent) === 0n;

/* The largest float of 32 bits, and half a step more: what is nearer to it than to anything beyond. */
const SINGLE_MOST = 3.4028234663852886e38;
const SINGLE_NEAR = 3.4028235677973366e38;

/** A float is rounded before anything is looked at. */
function doubleOf(text: string, shape: Shape & { is: "int" | "number" | "decimal" }): number {
	const value = Number(text);
	if (!shape.single)
		return value;
	return Math.abs(value) > SINGLE_NEAR ? Infinity : Math.max(-SINGLE_MOST, Math.min(SINGLE_MOST, Math.fround(value)));
}

interface Sides {
	/** Where it is of the lower bound, and of the upper one: less than 0, 0, more than 0. */
	readonly low: number;
	readonly high: number;
}

function byDouble(text: string, shape: Shape & { is: "int" | "number" | "decimal" }): Sides {
	const value = doubleOf(text, shape);
	const side = (bound: string | undefined) => bound === undefined ? 0 : value - Number(bound);
	return { low: side(shape.min ?? shape.above), high: side(shape.max ?? shape.below) };
}

function byDigits(exact: Exact, shape: Shape & { is: "int" | "number" | "decimal" }): Sides {
	const side = (bound: string | undefined) => bound === undefined ? 0 : compare(exact, exactOf(bound)!);
	return { low: side(shape.min ?? shape.above), high: side(shape.max ?? shape.below) };
}

/* ---- a walk ---- */

class Walk {
	readonly problems: Problem[] = [];
	readonly #patterns = new Map<string, RegExp>();

	constructor(readonly shapes: Shapes) {}

	say(type: string, loc: Loc, msg: string, ctx?: { [name: string]: unknown }): void {
		if (this.problems.length < MOST_PROBLEMS)
			this.problems.push({ type, loc: [...loc], msg, ...(ctx ? { ctx } : {}) });
	}

	use(use: Use, value: unknown, loc: Loc, depth: number): void {
		if (value !== null || !use.nullable)
			this.value(use.type, value, loc, depth);
	}

	value(shape: Shape, value: unknown, loc: Loc, depth: number): void {
		if (depth > DEEPEST) {
			this.say("recursion", loc, "Nested too deeply");
			return;
		}
		switch (shape.is) {
		case "ref": this.value(this.shapes[shape.to] ?? { is: "json" }, value, loc, depth); break;
		case "json": break;
		case "bool":
			if (typeof value !== "boolean")
				this.say("bool_type", loc, "Input should be a valid boolean");
			break;
		case "null":
			if (value !== null)
				this.say("none_required", loc, "Input should be None");
			break;
		case "int":
		case "number":
		case "decimal": this.#number(shape, value, loc); break;
		case "string": this.#string(shape, value, loc); break;
		case "bytes": this.#bytes(shape.bytes, value, loc); break;
		case "enum": this.#enum(shape, value, loc); break;
		case "record": this.#record(shape, value, loc, depth, []); break;
		case "list": this.#list(shape, value, loc, depth); break;
		case "map": this.#map(shape, value, loc, depth); break;
		case "tuple": this.#tuple(shape.of, value, loc, depth); break;
		case "union": this.#union(shape, value, loc, depth, []); break;
		case "choice": this.#choice(shape.arms, value, loc, depth); break;
		}
	}

	/* ---- numbers ---- */

	#number(shape: Shape & { is: "int" | "number" | "decimal" }, value: unknown, loc: Loc): void {
		const text = shape.quoted ? typeof value === "string" && this.#quoted(shape.is, value) ? value : null
			: value instanceof Digits ? value.text : typeof value === "number" ? String(value) : null;
		const exact = text === null ? null : exactOf(text);
		const words = shape.is === "int" ? "integer" : shape.is === "decimal" ? "decimal" : "number";
		if (exact === null || (shape.is === "int" && !isIntegral(exact)) || (shape.is === "number" && !Number.isFinite(doubleOf(text!, shape)))) {
			this.say(shape.is === "int" ? "int_type" : shape.is === "decimal" ? "decimal_type" : "float_type", loc,
				`Input should be a valid ${words}`);
			return;
		}
		const { min, max, above, below, step } = shape;
		const { low, high } = shape.is === "number" ? byDouble(text!, shape) : byDigits(exact, shape);
		if (min !== undefined && low < 0)
			this.say("greater_than_equal", loc, `Input should be greater than or equal to ${min}`, { ge: Number(min) });
		if (above !== undefined && low <= 0)
			this.say("greater_than", loc, `Input should be greater than ${above}`, { gt: Number(above) });
		if (max !== undefined && high > 0)
			this.say("less_than_equal", loc, `Input should be less than or equal to ${max}`, { le: Number(max) });
		if (below !== undefined && high >= 0)
			this.say("less_than", loc, `Input should be less than ${below}`, { lt: Number(below) });
		if (step !== undefined && !isMultiple(exact, exactOf(step)!))
			this.say("multiple_of", loc, `Input should be a multiple of ${step}`, { multiple_of: Number(step) });
	}

	#quoted(is: "int" | "number" | "decimal", text: string): boolean {
		return is === "int" ? /^-?(?:0|[1-9]\d*)$/.test(text) : /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text);
	}

	/* ---- strings ---- */

	#string(shape: Shape & { is: "string" }, value: unknown, loc: Loc): void {
		if (typeof value !== "string") {
			this.say("string_type", loc, "Input should be a valid string");
			return;
		}
		const text = prepared(shape, value);
		const length = shape.len ? [...text].length : 0;
		this.#range(shape.len, length, loc, "string_too_short", "string_too_long",
			(least) => `String should have at least ${least} characters`, (most) => `String should have at most ${most} characters`, "length");
		this.#range(shape.bytes, shape.bytes ? utf8Length(text) : 0, loc, "string_too_short", "string_too_long",
			(least) => `String should have at least ${least} bytes`, (most) => `String should have at most ${most} bytes`, "length");
		if (shape.notBlank && !/\S/u.test(text))
			this.say("value_error", loc, "Value error, should not be blank");
		if (shape.format !== undefined && !hasFormat(shape.format, text))
			this.say("value_error", loc, `Input should be a valid ${shape.format}`);
		for (const pattern of shape.patterns ?? [])
			if (!this.#pattern(pattern).test(text))
				this.say("string_pattern_mismatch", loc, `String should match pattern '${pattern}'`, { pattern });
	}

	#pattern(text: string): RegExp {
		let pattern = this.#patterns.get(text);
		if (!pattern)
			this.#patterns.set(text, pattern = new RegExp(text, "u"));
		return pattern;
	}

	#range(range: Range | undefined, size: number, loc: Loc, short: string, long: string, least: (n: number) => string,
		most: (n: number) => string, word: string): void {
		const [min, max] = range ?? [null, null];
		if (min !== null && size < min)
			this.say(short, loc, least(min), { [`min_${word}`]: min });
		if (max !== null && size > max)
			this.say(long, loc, most(max), { [`max_${word}`]: max });
	}

	#bytes(range: Range | undefined, value: unknown, loc: Loc): void {
		const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
		if (typeof value !== "string" || !whole.test(value)) {
			this.say("bytes_type", loc, "Input should be valid base64");
			return;
		}
		const size = value.length / 4 * 3 - (value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0);
		this.#range(range, size, loc, "bytes_too_short", "bytes_too_long", (least) => `Data should have at least ${least} bytes`,
			(most) => `Data should have at most ${most} bytes`, "length");
	}

	#enum(shape: Shape & { is: "enum" }, value: unknown, loc: Loc): void {
		const exact = value instanceof Digits ? exactOf(value.text) : null;
		const plain = exact && isIntegral(exact) ? Number((value as Digits).text) : value;
		if (fits(shape, plain, true) && (shape.open !== "int" || inInt64(plain, exact)))
			return;
		const expected = shape.values.map((each) => typeof each === "string" ? `'${each}'` : String(each)).join(", ");
		this.say(shape.values.length === 1 ? "literal_error" : "enum", loc, `Input should be ${expected}`, { expected });
	}

	/* ---- objects ---- */

	/** tags: members of the unions around it. */
	#record(shape: Shape & { is: "record" }, value: unknown, loc: Loc, depth: number, tags: readonly string[]): void {
		if (!isObject(value)) {
			this.say("model_type", loc, "Input should be a valid object");
			return;
		}
		const known = new Set(tags);
		for (const [name, member] of Object.entries(shape.members)) {
			known.add(name);
			if (member.beside !== undefined) {
				known.add(member.beside);
				this.#beside(name, member, value, loc, depth);
			} else if (has(value, name)) {
				this.use(member, value[name], [...loc, name], depth + 1);
			} else if (!member.optional && member.default === undefined) {
				this.say("missing", [...loc, name], "Field required");
			}
		}
		const others = Object.keys(value).filter((name) => !known.has(name));
		for (const name of others)
			if (shape.further)
				this.use(shape.further, value[name], [...loc, name], depth + 1);
			else if (shape.closed)
				this.say("extra_forbidden", [...loc, name], "Extra inputs are not permitted");
		this.#count(shape.count, others.length, loc);
	}

	#beside(name: string, member: Member, value: Record<string, unknown>, loc: Loc, depth: number): void {
		const by = member.beside!;
		const union = this.#named(member.type);
		const [hasTag, hasValue] = [has(value, by), has(value, name)];
		if (!hasTag && !hasValue && member.optional)
			return;
		if (!hasTag)
			this.say("missing", [...loc, by], "Field required");
		if (!hasValue)
			this.say("missing", [...loc, name], "Field required");
		if (!hasTag || !hasValue || union.is !== "union")
			return;
		const arm = this.#armOf(union, value[by], [...loc, by]);
		if (arm && (value[name] !== null || !member.nullable))
			this.value(arm, value[name], [...loc, name], depth + 1);
	}

	#named(shape: Shape): Shape {
		return shape.is === "ref" ? this.#named(this.shapes[shape.to] ?? { is: "json" }) : shape;
	}

	/** The type of the arm with that tag; undefined where there is none, and that has been said. */
	#armOf(union: Shape & { is: "union" }, tag: unknown, loc: Loc): Shape | undefined {
		const exact = tag instanceof Digits ? exactOf(tag.text) : null;
		const plain = exact && isIntegral(exact) ? Number((tag as Digits).text) : tag;
		const arm = union.arms.find((each) => each.tag === plain);
		if (arm)
			return arm.type;
		const kind = typeof (union.arms[0]?.tag ?? "");
		if (union.other && typeof plain === kind && (kind !== "number" || inInt64(plain, exact)))
			return { is: "json" };
		const expected = union.arms.map((each) => typeof each.tag === "string" ? `'${each.tag}'` : String(each.tag)).join(", ");
		this.say("union_tag_invalid", loc, `Input tag does not match any of the expected tags: ${expected}`, { expected_tags: expected });
		return undefined;
	}

	#union(shape: Shape & { is: "union" }, value: unknown, loc: Loc, depth: number, tags: readonly string[]): void {
		if (!isObject(value)) {
			this.say("model_type", loc, "Input should be a valid object");
			return;
		}
		if (!has(value, shape.by)) {
			this.say("union_tag_not_found", loc, `Unable to extract tag using discriminator '${shape.by}'`);
			return;
		}
		const arm = this.#armOf(shape, value[shape.by], loc);
		const inner = arm && this.#named(arm);
		if (inner?.is === "record")
			this.#record(inner, value, loc, depth, [...tags, shape.by]);
		else if (inner?.is === "union")
			this.#union(inner, value, loc, depth, [...tags, shape.by]);
	}

	#map(shape: Shape & { is: "map" }, value: unknown, loc: Loc, depth: number): void {
		if (!isObject(value)) {
			this.say("dict_type", loc, "Input should be a valid object");
			return;
		}
		for (const [name, each] of Object.entries(value)) {
			if (shape.key)
				this.value(shape.key, name, [...loc, name, "[key]"], depth + 1);
			this.use(shape.of, each, [...loc, name], depth + 1);
		}
		this.#count(shape.count, Object.keys(value).length, loc);
	}

	/* ---- arrays ---- */

	#count(range: Range | undefined, count: number, loc: Loc): void {
		this.#range(range, count, loc, "too_short", "too_long", (least) => `There should be at least ${least} items`,
			(most) => `There should be at most ${most} items`, "length");
	}

	#list(shape: Shape & { is: "list" }, value: unknown, loc: Loc, depth: number): void {
		if (!Array.isArray(value)) {
			this.say("list_type", loc, "Input should be a valid list");
			return;
		}
		value.forEach((each, i) => this.use(shape.of, each, [...loc, i], depth + 1));
		this.#count(shape.count, value.length, loc);
		if (shape.unique && new Set(value.map((each) => this.#canonical(each, shape.of.type))).size !== value.length)
			this.say("not_unique", loc, "Items should be unique");
	}

	/** The same text for equal values. */
	#canonical(value: unknown, shape: Shape | undefined): string {
		const named = shape && this.#named(shape);
		if (value instanceof Digits || typeof value === "number")
			return canonicalNumber(value instanceof Digits ? value.text : String(value), named);
		if (Array.isArray(value))
			return `[${value.map((each, i) => this.#canonical(each, named?.is === "list" ? named.of.type
				: named?.is === "tuple" ? named.of[i]?.type : undefined)).join()}]`;
		if (!isObject(value))
			return JSON.stringify(value);
		return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${this.#canonical(value[name], named?.is === "map"
			? named.of.type : named?.is === "record" && has(named.members, name) ? named.members[name]!.type : undefined)}`).join()}}`;
	}

	#tuple(elements: readonly Member[], value: unknown, loc: Loc, depth: number): void {
		if (!Array.isArray(value)) {
			this.say("tuple_type", loc, "Input should be a valid tuple");
			return;
		}
		elements.forEach((element, i) => {
			if (i < value.length)
				this.use(element, value[i], [...loc, i], depth + 1);
			else if (!element.optional)
				this.say("missing", [...loc, i], "Field required");
		});
		this.#count([null, elements.length], value.length, loc);
	}

	#choice(arms: readonly Shape[], value: unknown, loc: Loc, depth: number): void {
		const arm = arms.find((each) => fits(this.#kindOf(each, value), value, true));
		if (arm)
			this.value(arm, value, loc, depth);
		else
			this.say("union_type", loc, "Input should be one of the types that are allowed here");
	}

	/* Arms are told apart by their JSON kind, not by their values: a wrong literal is wrong as what it is. */
	#kindOf(shape: Shape, value: unknown): Shape {
		const named = this.#named(shape);
		if (named.is !== "enum" || value instanceof Digits)
			return named;
		return named.values.some((each) => typeof each === typeof value) ? { is: "json" } : named;
	}
}

function inInt64(value: Literal | unknown, exact: Exact | null): boolean {
	if (typeof value !== "number" || !Number.isInteger(value))
		return false;
	const integer = exact ? exact.digits * 10n ** BigInt(Math.max(0, exact.exponent)) : BigInt(value);
	return integer >= -(2n ** 63n) && integer < 2n ** 63n;
}

/** As it is after trim, lower and upper. */
function prepared(shape: Shape & { is: "string" }, text: string): string {
	const cut = shape.trim ? text.trim() : text;
	return shape.letters === undefined ? cut : Array.from(cut, (character) => simple(character, shape.letters!)).join("");
}

/* Unicode's simple mappings, of one character to one: ß stays, and İ is i. */
function simple(character: string, letters: "lower" | "upper"): string {
	if (letters === "lower")
		return [...character.toLowerCase()][0]!;
	const upper = character.toUpperCase();
	return [...upper].length === 1 ? upper : character;
}

function utf8Length(text: string): number {
	let length = 0;
	for (const character of text) {
		const point = character.codePointAt(0)!;
		length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	}
	return length;
}

function canonicalNumber(text: string, shape: Shape | undefined): string {
	if (shape?.is === "number")
		return String(doubleOf(text, shape) + 0);
	let { digits, exponent } = exactOf(text) ?? { digits: 0n, exponent: 0 };
	while (digits !== 0n && digits % 10n === 0n) {
		digits /= 10n;
		exponent++;
	}
	return `${digits}e${digits === 0n ? 0 : exponent}`;
}

/** How a contract's frames are made: as much of a consumer's table as a check needs. */
export interface FrameSpec {
	readonly keys: readonly (string | number)[];
	readonly envelope: EnvelopeSpec;
	readonly refAt?: number;
	readonly refIsInt?: true;
}

/**
 * Checks every message that arrives, as the server checks what it receives: hand it to a client as its `validator`. What it does not
 * know are `require` and `check`.
 */
export function validator(spec: FrameSpec, shapes: Shapes, message: MessageSpec, frame: Frame): Problem[] {
	const walk = new Walk(shapes);
	const isArray = shapeOf(message.type, shapes).is === "tuple";
	const keys = (message.keys ?? spec.keys).slice(0, message.tags.length);
	if (isArray !== Array.isArray(frame)) {
		walk.say("model_type", [], `Input should be a valid ${isArray ? "array" : "object"}`);
		return walk.problems;
	}
	message.tags.forEach((tag, i) => {
		const came = at(frame, keys[i]!);
		if ((came instanceof Digits ? Number(came.text) : came) !== tag)
			walk.say("literal_error", [keys[i]!], `Input should be ${JSON.stringify(tag)}`, { expected: tag });
	});
	if (Array.isArray(frame)) {
		const taken = new Set<unknown>([...keys, spec.refAt]);
		const ref = spec.refAt === undefined ? null : at(frame, spec.refAt);
		if (ref !== null)
			envelopeMember(walk, spec, "ref", String(spec.refAt), ref);
		walk.value(message.type, frame.filter((_, i) => !taken.has(i)), [], 1);
		return walk.problems;
	}
	const own = { ...frame };
	for (const name of keys)
		delete own[String(name)];
	for (const [member, name] of Object.entries(spec.envelope) as [keyof EnvelopeSpec, string][]) {
		if (has(frame, name))
			envelopeMember(walk, spec, member, name, frame[name]);
		delete own[name];
	}
	walk.value(message.type, own, [], 1);
	return walk.problems;
}

function shapeOf(shape: Shape, shapes: Shapes): Shape {
	return shape.is === "ref" ? shapeOf(shapes[shape.to] ?? { is: "json" }, shapes) : shape;
}

const TEXTS = new Set<keyof EnvelopeSpec>(["topic", "message_id", "epoch"]);
const FLAGS = new Set<keyof EnvelopeSpec>(["is_mine", "is_current"]);

/** An integer of any size. */
function isInteger(value: unknown): boolean {
	const exact = value instanceof Digits ? exactOf(value.text) : typeof value === "number" ? exactOf(String(value)) : null;
	return exact !== null && isIntegral(exact);
}

function envelopeMember(walk: Walk, spec: FrameSpec, member: keyof EnvelopeSpec, name: string, value: unknown): void {
	const isText = TEXTS.has(member) || (member === "ref" && !spec.refIsInt);
	if (FLAGS.has(member) ? typeof value === "boolean" : isText ? typeof value === "string" : isInteger(value))
		return;
	const [type, what] = FLAGS.has(member) ? ["bool_type", "boolean"] : isText ? ["string_type", "string"] : ["int_type", "integer"];
	walk.say(type!, [name], `Input should be a valid ${what}`);
}

/** What is wrong with a value of a named type, or with a whole frame, as it travels. */
export function problemsOf(spec: FrameSpec, shapes: Shapes, messages: { readonly [name: string]: MessageSpec }, name: string,
	value: unknown): Problem[] {
	const message = has(messages, name) ? messages[name] : undefined;
	const walk = new Walk(shapes);
	if (message && value !== null && typeof value === "object" && !(value instanceof Digits))
		return validator(spec, shapes, message, value as Frame);
	if (message)
		walk.say("model_type", [], "Input should be a valid object");
	else
		walk.value({ is: "ref", to: name }, value, [], 1);
	return walk.problems;
}
