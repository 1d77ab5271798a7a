/* SPDX-License-Identifier: MIT */
/*
 * shapes.ts - what values look like, as tables of the contract say it, and the way between what travels and what programs hold.
 *
 * Three things differ: integers of 64 bits that travel as numbers are bigints, decimals that do are strings, bytes are Uint8Arrays.
 * Beside that, defaults are filled in, and what a union does not know is set apart. Knows nothing of messages or sockets.
 */
import { Digits, setMember, withoutDigits } from "./json.js";

/** One type. Numbers that a JavaScript number might not hold are texts. */
export type Shape =
	| { readonly is: "ref"; readonly to: string }
	| { readonly is: "json" | "bool" | "null" }
	| {
		readonly is: "int" | "number" | "decimal";
		/** What programs hold: "bigint" for a 64-bit integer that travels as a number, "digits" for such a decimal. */
		readonly held?: "bigint" | "digits";
		/** A float of 32 bits. */
		readonly single?: true;
		/** It travels in a string. */
		readonly quoted?: true;
		readonly min?: string;
		readonly max?: string;
		readonly above?: string;
		readonly below?: string;
		readonly step?: string;
	}
	| {
		readonly is: "string";
		readonly len?: Range;
		readonly bytes?: Range;
		readonly patterns?: readonly string[];
		readonly format?: string;
		readonly notBlank?: true;
		/** What is cut off or changed before anything is checked. */
		readonly trim?: true;
		readonly letters?: "lower" | "upper";
	}
	| { readonly is: "bytes"; readonly bytes?: Range }
	| { readonly is: "enum"; readonly values: readonly Literal[]; readonly open?: "string" | "int" }
	| {
		readonly is: "record";
		readonly members: { readonly [name: string]: Member };
		readonly closed?: true;
		/** The members that it does not declare. */
		readonly further?: Use;
		readonly count?: Range;
	}
	| { readonly is: "list"; readonly of: Use; readonly count?: Range; readonly unique?: true }
	| { readonly is: "map"; readonly of: Use; readonly key?: Shape; readonly count?: Range }
	| { readonly is: "tuple"; readonly of: readonly Member[] }
	/** Told apart by the member `by`. A union without one has it beside itself: see Member. */
	| { readonly is: "union"; readonly by: string; readonly arms: readonly Arm[]; readonly other?: true }
	| { readonly is: "choice"; readonly arms: readonly Shape[] };

export type Literal = string | number | boolean;
/** Least and most, both included; null: no bound. */
export type Range = readonly [number | null, number | null];
export interface Use {
	readonly type: Shape;
	readonly nullable?: true;
}
export interface Member extends Use {
	readonly optional?: true;
	/** As it would travel. */
	readonly default?: unknown;
	/** The member beside this one that tells the union's arms apart. */
	readonly beside?: string;
}
export interface Arm {
	readonly tag: Literal;
	readonly type: Shape;
	readonly nullable?: true;
}
/** Named types of a contract. */
export interface Shapes {
	readonly [name: string]: Shape;
}

/** What a union's else arm holds where the tag stands beside it. */
export interface UnknownValue<Tag = string> {
	tag: Tag;
	value: unknown;
}

type Converter = (value: unknown) => unknown;
type Members = Record<string, unknown>;

export const isObject = (value: unknown): value is Members =>
	value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Digits);

export const has = (object: object, name: string): boolean => Object.prototype.hasOwnProperty.call(object, name);

interface Base64Host {
	atob(text: string): string;
	btoa(text: string): string;
}

export function bytesOf(text: string): Uint8Array {
	return Uint8Array.from((globalThis as unknown as Base64Host).atob(text), (unit) => unit.charCodeAt(0));
}

export function base64Of(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes)
		text += String.fromCharCode(byte);
	return (globalThis as unknown as Base64Host).btoa(text);
}

/* 12, 12.0 and 1.2e1 are the same integer. */
function bigintOf(text: string): bigint | null {
	const [, sign = "", whole = "", part = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
	const shift = Number(exponent);
	if (!whole || Math.abs(shift) > 400)
		return null;
	const kept = Math.max(0, Math.min(part.length, shift));
	const digits = whole + part.slice(0, kept) + "0".repeat(Math.max(0, shift - part.length));
	if (shift >= 0)
		return /[1-9]/.test(part.slice(kept)) ? null : BigInt(sign + digits);
	const cut = whole.length + shift;
	return /[1-9]/.test(whole.slice(Math.max(0, cut)) + part) ? null : BigInt(sign + (cut > 0 ? whole.slice(0, cut) : "0"));
}

/**
 * One direction of the way: `from` the wire, or to it. Types that travel as they are held have no converter at all, and values that
 * do not fit theirs are left as they are: a validator says what is wrong with them.
 */
export class Conversion {
	readonly #shapes: Shapes;
	readonly #fromWire: boolean;
	/** What is done to values without a converter: with digits there may be some in them. */
	readonly #plain: Converter | null;
	readonly #made = new Map<Shape, Converter | null>();
	readonly #touched = new Map<Shape, boolean>();

	constructor(shapes: Shapes, fromWire: boolean, digits: boolean) {
		this.#shapes = shapes;
		this.#fromWire = fromWire;
		this.#plain = fromWire && digits ? withoutDigits : null;
	}

	apply(shape: Shape, value: unknown): unknown {
		const converter = this.#of(shape);
		return converter ? converter(value) : value;
	}

	/** Whether numbers of this type must be read with their digits. */
	exact(shape: Shape): boolean {
		return this.#reaches(shape, new Set(), (each) => "held" in each && each.held !== undefined);
	}

	#named(shape: Shape): Shape {
		return shape.is === "ref" ? this.#named(this.#shapes[shape.to] ?? { is: "json" }) : shape;
	}

	#reaches(shape: Shape, seen: Set<Shape>, test: (shape: Shape) => boolean): boolean {
		const named = this.#named(shape);
		if (seen.has(named))
			return false;
		seen.add(named);
		return test(named) || partsOf(named).some((part) => this.#reaches(part, seen, test));
	}

	/* A type that holds another one that is converted is converted itself. */
	#converts(shape: Shape): boolean {
		let known = this.#touched.get(shape);
		if (known === undefined) {
			known = this.#reaches(shape, new Set(), (each) => ("held" in each && each.held !== undefined) || each.is === "bytes" ||
				(each.is === "union" && each.other === true) || (this.#fromWire && fillsIn(each)));
			this.#touched.set(shape, known);
		}
		return known;
	}

	#of(shape: Shape): Converter | null {
		const named = this.#named(shape);
		let made = this.#made.get(named);
		if (made === undefined) {
			made = this.#converts(named) ? this.#make(named) : null;
			this.#made.set(named, made);
		}
		return made ?? this.#plain;
	}

	#make(shape: Shape): Converter | null {
		switch (shape.is) {
		case "int":
		case "number":
		case "decimal": return this.#number(shape.held);
		case "bytes":
			return this.#fromWire
				? (value) => typeof value === "string" ? tryBytes(value) : value
				: (value) => value instanceof Uint8Array ? base64Of(value) : value;
		case "record": return (value) => isObject(value) ? this.#record(shape.members, shape.further, value) : value;
		case "list": return (value) => Array.isArray(value) ? value.map((each) => this.apply(shape.of.type, each)) : value;
		case "map": return (value) => isObject(value) ? this.#record({}, shape.of, value) : value;
		case "tuple":
			return (value) => Array.isArray(value) ? value.map((each, i) => {
				const element = shape.of[i];
				return element ? this.apply(element.type, each) : each;
			}) : value;
		case "union": return (value) => isObject(value) ? this.#union(shape, value) : value;
		case "choice": return (value) => this.#choice(shape.arms, value);
		default: return null;
		}
	}

	#rest(value: unknown): unknown {
		return this.#plain ? this.#plain(value) : value;
	}

	#number(held: "bigint" | "digits" | undefined): Converter | null {
		if (!held)
			return this.#plain;
		const textOf = (value: unknown): string | null =>
			value instanceof Digits ? value.text : typeof value === "number" ? String(value) : null;
		if (this.#fromWire)
			return (value) => {
				const text = textOf(value);
				return text === null ? value : held === "bigint" ? bigintOf(text) ?? withoutDigits(value) : text;
			};
		return (value) => held === "digits" && typeof value === "string" && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value)
			? new Digits(value) : value;
	}

	#record(members: { readonly [name: string]: Member }, further: Use | undefined, value: Members): Members {
		const result: Members = {};
		for (const [name, each] of Object.entries(value)) {
			const member = has(members, name) ? members[name] : undefined;
			const use: Use | undefined = member ?? further;
			if (member?.beside !== undefined)
				continue;
			setMember(result, name, use && each !== undefined ? this.apply(use.type, each) : this.#rest(each));
		}
		for (const [name, member] of Object.entries(members)) {
			if (member.beside !== undefined)
				this.#beside(name, member, member.beside, value, result);
			if (this.#fromWire && member.default !== undefined && !has(value, name))
				result[name] = this.apply(member.type, copyOf(member.default));
		}
		return result;
	}

	#beside(name: string, member: Member, by: string, value: Members, result: Members): void {
		const union = this.#named(member.type);
		const own = value[name];
		if (!has(value, name) || union.is !== "union")
			return;
		if (!this.#fromWire && value[by] === undefined && isUnknown(own)) {
			result[by] = own.tag;
			result[name] = own.value;
			return;
		}
		const tag = value[by];
		const arm = union.arms.find((each) => each.tag === tag);
		if (arm) {
			result[name] = this.apply(arm.type, own);
		} else if (union.other && this.#fromWire && tag !== undefined) {
			delete result[by];
			result[name] = own === null && member.nullable ? null : { tag, value: this.#rest(own) };
		} else {
			result[name] = own;
		}
	}

	#union(shape: Shape & { is: "union" }, value: Members): unknown {
		const { [shape.by]: tag, ...rest } = value;
		const arm = shape.arms.find((each) => each.tag === tag);
		if (arm)
			return { [shape.by]: tag, ...(this.apply(arm.type, rest) as Members) };
		if (!shape.other)
			return value;
		if (this.#fromWire)
			return { unknown: this.#rest(value) };
		return tag === undefined && isObject(value.unknown) ? value.unknown : value;
	}

	#choice(arms: readonly Shape[], value: unknown): unknown {
		const arm = arms.find((each) => fits(this.#named(each), value, this.#fromWire));
		return arm ? this.apply(arm, value) : this.#rest(value);
	}
}

function fillsIn(shape: Shape): boolean {
	return shape.is === "record" && Object.values(shape.members).some((member) => member.default !== undefined);
}

function isUnknown(value: unknown): value is UnknownValue<unknown> {
	return isObject(value) && has(value, "tag") && has(value, "value");
}

function tryBytes(text: string): Uint8Array | string {
	try {
		return bytesOf(text);
	} catch {
		return text;
	}
}

function copyOf(value: unknown): unknown {
	if (Array.isArray(value))
		return value.map(copyOf);
	if (!isObject(value))
		return value;
	const copy: Members = {};
	for (const [name, member] of Object.entries(value))
		setMember(copy, name, copyOf(member));
	return copy;
}

export function partsOf(shape: Shape): Shape[] {
	switch (shape.is) {
	case "record": return [...Object.values(shape.members).map((member) => member.type), ...(shape.further ? [shape.further.type] : [])];
	case "list":
	case "map": return [shape.of.type];
	case "tuple": return shape.of.map((element) => element.type);
	case "union": return shape.arms.map((arm) => arm.type);
	case "choice": return [...shape.arms];
	default: return [];
	}
}

/** Whether a value is of the JSON kind that a choice's arm has. */
export function fits(shape: Shape, value: unknown, onWire: boolean): boolean {
	switch (shape.is) {
	case "json": return true;
	case "bool": return typeof value === "boolean";
	case "null": return value === null;
	case "enum":
		return shape.values.includes(value as Literal) || (shape.open === "string" ? typeof value === "string"
			: shape.open === "int" ? typeof value === "number" : false);
	case "record":
	case "map":
	case "union": return isObject(value) && !(value instanceof Uint8Array);
	case "list":
	case "tuple": return Array.isArray(value);
	case "string": return typeof value === "string";
	case "bytes": return onWire ? typeof value === "string" : value instanceof Uint8Array;
	case "int":
	case "number":
	case "decimal":
		if (!onWire && shape.held)
			return shape.held === "bigint" ? typeof value === "bigint" : typeof value === "string";
		return shape.quoted ? typeof value === "string" : typeof value === "number" || value instanceof Digits;
	default: return false;
	}
}
