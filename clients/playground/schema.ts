/* SPDX-License-Identifier: MIT */
/*
 * schema.ts - JSON Schema (draft-07, as AsyncAPI documents of msgc have it) as forms need it: references and parts joined, the choices of a
 * union, an example. Knows nothing of elements.
 */
import { Digits, setMember } from "../typescript/json.js";

export type Json = unknown;
export interface Schema {
	readonly [keyword: string]: unknown;
}
export type Schemas = Readonly<Record<string, Schema>>;

const REF = "#/components/schemas/";
const DEEPEST = 12;

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Digits);
}

export function schemaOf(value: unknown): Schema {
	return isRecord(value) ? value : {};
}

function merge(into: Record<string, unknown>, part: Schema): void {
	for (const [key, value] of Object.entries(part)) {
		if (key === "properties" && isRecord(into[key]))
			into[key] = { ...schemaOf(into[key]), ...schemaOf(value) };
		else if (key === "required" && Array.isArray(into[key]))
			into[key] = [...new Set([...(into[key] as unknown[]), ...(value as unknown[])])];
		else if (!(key in into))
			into[key] = value;
	}
}

/** One level of a schema with what it refers to and what it is joined of. */
export function flat(schema: Schema, schemas: Schemas, depth = 0): Schema {
	if (depth > DEEPEST || (schema.$ref === undefined && schema.allOf === undefined))
		return schema;
	const { $ref, allOf, ...own } = schema;
	const result: Record<string, unknown> = { ...own };
	if (typeof $ref === "string" && $ref.startsWith(REF))
		merge(result, flat(schemas[decodeURIComponent($ref.slice(REF.length)).replace(/~1/g, "/").replace(/~0/g, "~")] ?? {}, schemas, depth + 1));
	for (const part of Array.isArray(allOf) ? allOf : [])
		merge(result, flat(schemaOf(part), schemas, depth + 1));
	return result;
}

export function typesOf(schema: Schema): string[] {
	const { type } = schema;
	return Array.isArray(type) ? type.map(String) : typeof type === "string" ? [type] : [];
}

/** What may stand there: the arms of a union with what they have in common, without null. */
export interface Choices {
	arms: { title: string; schema: Schema }[];
	nullable: boolean;
}

const KIND_WORDS: Record<string, string> = { string: "text", integer: "whole number", number: "number", boolean: "yes or no", object: "object", array: "list" };

function titleOf(arm: Schema, i: number): string {
	if (typeof arm.title === "string")
		return arm.title;
	const types = typesOf(arm);
	if (arm.const !== undefined)
		return JSON.stringify(arm.const);
	return Array.isArray(arm.enum) ? arm.enum.map((each) => JSON.stringify(each)).join(" | ") : types.length ? types.map((type) => KIND_WORDS[type] ?? type).join(" | ") : `choice ${i + 1}`;
}

function isNull(schema: Schema): boolean {
	return schema.const === null || (typesOf(schema).length === 1 && schema.type === "null");
}

/** Several kinds in one "type" are choices as well. */
function split(schema: Schema): Choices {
	const types = typesOf(schema);
	const nullable = types.includes("null");
	const others = types.filter((type) => type !== "null");
	if (others.length > 1)
		return { nullable, arms: others.map((type) => ({ title: KIND_WORDS[type] ?? type, schema: { ...schema, type, title: undefined } })) };
	return { nullable, arms: [{ title: "", schema: nullable && others[0] ? { ...schema, type: others[0] } : schema }] };
}

/** An enum that other versions may have more of is one choice, not two. */
export function openEnum(schema: Schema): unknown[] | null {
	const either = schema.anyOf;
	if (!Array.isArray(either) || either.length !== 2)
		return null;
	const known = schemaOf(either[0]);
	return known.title === "known" && Array.isArray(known.enum) ? known.enum : null;
}

/** Values with descriptions of their own: a list of constants. */
export function describedEnum(schema: Schema): { value: unknown; description: string }[] | null {
	const either = schema.oneOf;
	if (!Array.isArray(either) || either.length === 0 || !either.every((each) => isRecord(each) && "const" in each && !("properties" in each)))
		return null;
	return either.map((each) => ({ value: schemaOf(each).const, description: String(schemaOf(each).description ?? "") }));
}

export function choicesOf(given: Schema, schemas: Schemas): Choices {
	const schema = flat(given, schemas);
	const either = schema.oneOf ?? schema.anyOf;
	if (!Array.isArray(either) || openEnum(schema) || describedEnum(schema))
		return split(schema);
	const { oneOf, anyOf, title, $comment, ...common } = schema;
	const arms: Choices["arms"] = [];
	let nullable = false;
	for (const each of either) {
		const own = flat(schemaOf(each), schemas);
		if (isNull(own)) {
			nullable = true;
			continue;
		}
		const joined: Record<string, unknown> = { ...own };
		merge(joined, common);
		const inner = choicesOf(joined, schemas);
		nullable ||= inner.nullable;
		arms.push(...inner.arms.map((arm) => ({ title: inner.arms.length > 1 && arm.title ? arm.title : titleOf(own, arms.length), schema: arm.schema })));
	}
	if (arms.length === 1 && arms[0])
		arms[0].title = "";
	return { arms, nullable };
}

/** How well a value fits a choice: constants count most, then the JSON kind, then members that are there. */
export function likeness(schema: Schema, value: unknown, schemas: Schemas): number {
	const view = flat(schema, schemas);
	if (view.const !== undefined)
		return view.const === value ? 100 : -100;
	if (Array.isArray(view.enum))
		return view.enum.includes(value) ? 50 : -50;
	let score = 0;
	const types = typesOf(view);
	const kind = kindOf(value);
	if (types.length)
		score += types.includes(kind) || (kind === "integer" && types.includes("number")) ? 10 : -60;
	if (isRecord(value))
		for (const [name, member] of Object.entries(schemaOf(view.properties))) {
			const own = flat(schemaOf(member), schemas);
			if (own.const !== undefined)
				score += value[name] === own.const ? 40 : -100;
			else if (isRecord(own.not) && Array.isArray(own.not.enum) && own.not.enum.includes(value[name]))
				score -= 100;
			else if (name in value)
				score += 1;
		}
	if (Array.isArray(value) && Array.isArray(view.items))
		score += view.items.length === value.length ? 5 : -5;
	return score;
}

export function kindOf(value: unknown): string {
	if (value === null)
		return "null";
	if (Array.isArray(value))
		return "array";
	if (value instanceof Digits)
		return /^-?\d+$/.test(value.text) ? "integer" : "number";
	if (typeof value === "number")
		return Number.isInteger(value) ? "integer" : "number";
	return typeof value;
}

function exampleText(schema: Schema): string {
	switch (schema.format) {
	case "date-time": return "2026-01-31T09:30:00Z";
	case "date": return "2026-01-31";
	case "time": return "09:30:00Z";
	case "duration": return "PT1H30M";
	case "uuid": return "123e4567-e89b-42d3-a456-426614174000";
	case "email": return "ada@example.org";
	case "uri": case "uri-reference": return "https://example.org/";
	case "hostname": return "example.org";
	case "ipv4": return "192.0.2.1";
	case "ipv6": return "2001:db8::1";
	}
	if (schema.contentEncoding === "base64")
		return "AAAA";
	const least = Number(schema.minLength ?? 0), most = Number(schema.maxLength ?? 4);
	return "text".repeat(Math.ceil(Math.max(least, 1) / 4)).slice(0, Math.max(least, Math.min(4, most)));
}

/** The nearest to one that the bounds allow. */
function exampleNumber(schema: Schema): unknown {
	const bound = (name: string) => (schema[name] instanceof Digits ? Number((schema[name] as Digits).text) : schema[name] as number | undefined);
	const step = bound("multipleOf") ?? 1;
	const least = bound("minimum") ?? (bound("exclusiveMinimum") !== undefined ? (bound("exclusiveMinimum") as number) + step : -Infinity);
	const most = bound("maximum") ?? (bound("exclusiveMaximum") !== undefined ? (bound("exclusiveMaximum") as number) - step : Infinity);
	const wanted = Math.min(Math.max(1, least), most);
	return step === 1 ? wanted : Number((Math.ceil(wanted / step) * step).toPrecision(12));
}

function exampleObject(schema: Schema, schemas: Schemas, depth: number): unknown {
	const result: Record<string, unknown> = {};
	const required = new Set(Array.isArray(schema.required) ? schema.required : []);
	for (const [name, member] of Object.entries(schemaOf(schema.properties)))
		if (required.has(name))
			setMember(result, name, example(schemaOf(member), schemas, depth + 1));
	return result;
}

function exampleList(schema: Schema, schemas: Schemas, depth: number): unknown {
	if (Array.isArray(schema.items))
		return schema.items.map((item) => example(schemaOf(item), schemas, depth + 1));
	return Array.from({ length: Math.min(Number(schema.minItems ?? 0), 8) }, () => example(schemaOf(schema.items), schemas, depth + 1));
}

/** A small value that fits, as far as a schema can be read at a glance. */
export function example(given: Schema, schemas: Schemas, depth = 0): unknown {
	const schema = flat(given, schemas);
	if (schema.default !== undefined)
		return schema.default;
	if (schema.const !== undefined)
		return schema.const;
	const values = Array.isArray(schema.enum) ? schema.enum : openEnum(schema) ?? describedEnum(schema)?.map(({ value }) => value);
	if (values?.length)
		return values[0];
	const { arms, nullable } = choicesOf(schema, schemas);
	if (depth > DEEPEST || !arms[0])
		return nullable ? null : {};
	if (arms.length > 1 || arms[0].title || schema.oneOf || schema.anyOf)
		return example(arms[0].schema, schemas, depth + 1);
	switch (typesOf(arms[0].schema)[0]) {
	case "string": return exampleText(schema);
	case "integer": case "number": return exampleNumber(schema);
	case "boolean": return false;
	case "array": return exampleList(schema, schemas, depth);
	case "null": return null;
	case "object": return exampleObject(schema, schemas, depth);
	default: return schema.properties ? exampleObject(schema, schemas, depth) : {};
	}
}
