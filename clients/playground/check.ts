/* SPDX-License-Identifier: MIT */
/*
 * check.ts - a frame against its message's schema, with problems in the words that a server would use. The validator interprets schemas: it
 * makes no code, which the page's policy would forbid. Knows nothing of elements.
 */
import { type OutputUnit, type Schema as LibrarySchema, Validator } from "@cfworker/json-schema";

import { Digits, withoutDigits } from "../typescript/json.js";
import { type Schema, type Schemas, schemaOf } from "./schema.js";

export interface Problem {
	/** A JSON pointer: "/payload/text". */
	at: string;
	words: string;
}

const MOST = 16;
/* Say only that something inside them is wrong. */
const WRAPPERS = new Set(["properties", "items", "allOf", "$ref", "additionalItems", "additionalProperties", "patternProperties"]);

/** References point into the document; here the definitions stand beside the message. */
function moved(value: unknown): unknown {
	if (Array.isArray(value))
		return value.map(moved);
	if (value === null || typeof value !== "object" || value instanceof Digits)
		return value;
	const result: Record<string, unknown> = {};
	for (const [key, each] of Object.entries(value))
		result[key] = key === "$ref" && typeof each === "string" ? each.replace("#/components/schemas/", "#/definitions/") : moved(each);
	return result;
}

interface Judge {
	whole: Schema;
	validator: Validator;
}

const judges = new WeakMap<Schema, Judge>();

function judgeOf(schema: Schema, schemas: Schemas): Judge {
	let found = judges.get(schema);
	if (!found) {
		const whole = withoutDigits(moved({ allOf: [schema], definitions: schemas })) as Schema;
		found = { whole, validator: new Validator(whole as LibrarySchema, "7", false) };
		judges.set(schema, found);
	}
	return found;
}

const unescaped = (part: string) => decodeURIComponent(part).replace(/~1/g, "/").replace(/~0/g, "~");

/** What a schema says at a place such as "#/allOf/0/$ref/pattern". */
function keywordAt(whole: Schema, location: string): unknown {
	let at: unknown = whole;
	for (const part of location.split("/").slice(1)) {
		at = schemaOf(Array.isArray(at) ? Object.fromEntries(at.entries()) : at)[unescaped(part)];
		if (part === "$ref" && typeof at === "string")
			at = schemaOf(whole.definitions)[unescaped(at.slice("#/definitions/".length))];
	}
	return at;
}

function patternWords(whole: Schema, location: string): string {
	const pattern = keywordAt(whole, location);
	if (pattern === "\\S")
		return "Should hold more than white space";
	return typeof pattern === "string" && pattern.length <= 80 ? `Does not match ${pattern}` : "Does not match the pattern";
}

function inWords(unit: OutputUnit, whole: Schema): Problem {
	const at = unit.instanceLocation.replace(/^#/, "");
	const named = /"([^"]*)"/.exec(unit.error)?.[1] ?? "";
	switch (unit.keyword) {
	case "required":
		return { at: `${at}/${named.replace(/~/g, "~0").replace(/\//g, "~1")}`, words: "Field required" };
	case "type":
		return { at, words: unit.error.replace(/^Instance type "(.*)" is invalid\. Expected "(.*)"\.$/, (_all, is: string, wanted: string) => `Should be ${wanted.replace(/", "/g, " or ")}, is ${is}`) };
	case "minLength": case "maxLength":
		return { at, words: unit.error.replace(/^String is too (short|long) \((\d+) [<>] (\d+)\)\.$/, (_all, how: string, is: string, bound: string) =>
			`Should have at ${how === "short" ? "least" : "most"} ${bound} characters, has ${is}`) };
	case "enum": case "const":
		return { at, words: unit.error.replace(/^Instance does not match /, "Should be ").replace(/^Should be any of /, "Should be one of ") };
	case "pattern":
		return { at, words: patternWords(whole, unit.keywordLocation) };
	case "format":
		return { at, words: unit.error.replace(/^String does not match format "(.*)"\.$/, "Is no $1") };
	default:
		return { at, words: unit.error };
	}
}

/** The problems inside the arm of a union that was most likely meant; those of all others say nothing. */
function likeliest(units: OutputUnit[], union: OutputUnit): OutputUnit[] | null {
	const arms = new Map<string, OutputUnit[]>();
	for (const unit of units) {
		const rest = unit.keywordLocation.startsWith(`${union.keywordLocation}/`) ? unit.keywordLocation.slice(union.keywordLocation.length + 1) : null;
		if (rest === null || !unit.instanceLocation.startsWith(union.instanceLocation))
			continue;
		const arm = rest.split("/")[0] ?? "";
		arms.set(arm, [...(arms.get(arm) ?? []), unit]);
	}
	const wrongKind = (unit: OutputUnit) => ["type", "const", "not", "enum"].includes(unit.keyword) &&
		unit.instanceLocation.slice(union.instanceLocation.length).split("/").length <= 2;
	const meant = [...arms.values()].filter((each) => !each.some(wrongKind)).sort((a, b) => a.length - b.length);
	return meant[0] ?? null;
}

function narrowed(units: OutputUnit[]): OutputUnit[] {
	let left = units;
	for (const union of units.filter(({ keyword }) => keyword === "oneOf" || keyword === "anyOf")) {
		if (!left.includes(union))
			continue;
		const inside = (unit: OutputUnit) => unit !== union && unit.keywordLocation.startsWith(`${union.keywordLocation}/`) &&
			unit.instanceLocation.startsWith(union.instanceLocation);
		const meant = likeliest(left, union);
		left = left.filter((unit) => (meant ? unit !== union && (!inside(unit) || meant.includes(unit)) : !inside(unit)));
	}
	return left;
}

/** All that is wrong, sixteen at most. */
export function check(schema: Schema, schemas: Schemas, value: unknown): Problem[] {
	let units: OutputUnit[];
	const { validator, whole } = judgeOf(schema, schemas);
	try {
		const result = validator.validate(withoutDigits(value));
		if (result.valid)
			return [];
		units = result.errors;
	} catch (error) {
		return [{ at: "", words: `This schema could not be checked: ${error instanceof Error ? error.message : String(error)}` }];
	}
	const problems = new Map<string, Problem>();
	for (const unit of narrowed(units)) {
		if (WRAPPERS.has(unit.keyword))
			continue;
		const problem = ["oneOf", "anyOf"].includes(unit.keyword)
			? { at: unit.instanceLocation.replace(/^#/, ""), words: "None of the choices fits" } : inWords(unit, whole);
		problems.set(`${problem.at} ${problem.words}`, problem);
	}
	return [...problems.values()].slice(0, MOST);
}

/** ["payload", 0, "text"] as a pointer. */
export function pointerOf(loc: readonly unknown[]): string {
	return loc.map((part) => `/${String(part).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}
