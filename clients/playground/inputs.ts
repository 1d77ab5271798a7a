/* SPDX-License-Identifier: MIT */
/*
 * inputs.ts - one scalar, one input: text, numbers with all their digits, choices, moments, any JSON. Knows nothing of objects and lists.
 */
import { Digits, parseExact } from "../typescript/json.js";
import { freshId, h } from "./dom.js";
import type { Field, Making } from "./form.js";
import { describedEnum, openEnum, type Schema, typesOf } from "./schema.js";
import { pretty } from "./text.js";

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** A number as it was written; what is none stays a text, for the check to complain of. */
export function numberOf(text: string): unknown {
	const trimmed = text.trim();
	if (!NUMBER.test(trimmed))
		return text;
	return String(Number(trimmed)) === trimmed ? Number(trimmed) : new Digits(trimmed);
}

const shown = (value: unknown): string => (value === undefined ? "" : typeof value === "string" ? value : value instanceof Digits ? value.text : JSON.stringify(value) ?? "");

function choice(values: readonly unknown[], descriptions: readonly string[], value: unknown, making: Making): Field {
	const select = h("select", { "aria-label": making.label, onchange: making.changed });
	values.forEach((each, i) => select.append(h("option", { value: String(i), title: descriptions[i] ?? "" }, descriptions[i] ? `${shown(each)} - ${descriptions[i]}` : shown(each))));
	const at = values.findIndex((each) => each === value);
	if (at < 0 && value !== undefined)
		select.append(h("option", { value: "other" }, `${shown(value)} (not in the list)`));
	select.value = at < 0 ? (value === undefined ? "0" : "other") : String(at);
	return { element: select, value: () => (select.value === "other" ? value : values[Number(select.value)]) };
}

function suggestions(known: readonly unknown[], isNumber: boolean, value: unknown, making: Making): Field {
	const id = freshId("values");
	const input = h("input", { type: "text", list: id, "aria-label": making.label, oninput: making.changed, autocomplete: "off" });
	input.value = shown(value);
	return {
		element: h("div", {}, input, h("datalist", { id }, ...known.map((each) => h("option", { value: shown(each) })))),
		value: () => (isNumber ? numberOf(input.value) : input.value),
	};
}

function truth(value: unknown, making: Making): Field {
	const select = h("select", { "aria-label": making.label, onchange: making.changed }, h("option", { value: "false" }, "false"), h("option", { value: "true" }, "true"));
	if (value !== undefined && typeof value !== "boolean")
		select.append(h("option", { value: "other" }, shown(value)));
	select.value = typeof value === "boolean" ? String(value) : value === undefined ? "false" : "other";
	return { element: select, value: () => (select.value === "other" ? value : select.value === "true") };
}

function digits(schema: Schema, value: unknown, making: Making): Field {
	const input = h("input", { type: "text", inputmode: typesOf(schema)[0] === "integer" ? "numeric" : "decimal", class: "number", "aria-label": making.label, autocomplete: "off", oninput: making.changed });
	input.value = shown(value);
	return { element: input, value: () => numberOf(input.value) };
}

function words(schema: Schema, value: unknown, making: Making): Field {
	const long = Number(schema.maxLength ?? 0) > 120 && schema.format === undefined;
	const input = long ? h("textarea", { rows: "2", "aria-label": making.label, oninput: making.changed })
		: h("input", { type: "text", "aria-label": making.label, autocomplete: "off", oninput: making.changed });
	input.value = shown(value);
	const moment = schema.format === "date-time" && h("button", { type: "button", class: "small", "aria-label": `${making.label}: now`, onclick: () => {
		input.value = new Date().toISOString();
		making.changed();
	} }, "now");
	const random = schema.format === "uuid" && h("button", { type: "button", class: "small", "aria-label": `${making.label}: a new one`, onclick: () => {
		input.value = uuid();
		making.changed();
	} }, "new");
	return { element: moment || random ? h("div", { class: "beside" }, input, moment, random) : input, value: () => input.value };
}

function anything(value: unknown, making: Making): Field {
	const area = h("textarea", { rows: "3", class: "code", "aria-label": `${making.label}, as JSON`, spellcheck: "false", oninput: making.changed });
	area.value = value === undefined ? "null" : pretty(value);
	return {
		element: area,
		value: () => {
			try {
				return parseExact(area.value);
			} catch {
				return area.value; /* a text, until it is JSON */
			}
		},
	};
}

/** Random by the browser's own generator, with or without a secure context. */
export function uuid(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function scalarField(schema: Schema, value: unknown, making: Making): Field {
	const described = describedEnum(schema);
	const open = openEnum(schema);
	const [type] = typesOf(schema);
	if (schema.const !== undefined)
		return { element: h("code", { class: "constant" }, JSON.stringify(schema.const)), value: () => schema.const };
	if (described)
		return choice(described.map((each) => each.value), described.map(({ description }) => description), value, making);
	if (Array.isArray(schema.enum))
		return choice(schema.enum, [], value, making);
	if (open)
		return suggestions(open, type === "integer" || type === "number", value, making);
	switch (type) {
	case "boolean": return truth(value, making);
	case "integer": case "number": return digits(schema, value, making);
	case "string": return words(schema, value, making);
	case "null": return { element: h("code", { class: "constant" }, "null"), value: () => null };
	default: return anything(value, making);
	}
}
