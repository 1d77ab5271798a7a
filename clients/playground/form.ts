/* SPDX-License-Identifier: MIT */
/*
 * form.ts - a form made from a schema: each part is a field that shows a value and gives it back. Which input a scalar gets is inputs.ts'.
 * Values that do not fit are given back as they are: saying so is check.ts' work.
 */
import { setMember } from "../typescript/json.js";
import { append, freshId, h, prose, replace } from "./dom.js";
import { scalarField } from "./inputs.js";
import { choicesOf, example, flat, isRecord, likeness, type Schema, type Schemas, schemaOf, typesOf } from "./schema.js";

/** undefined: the member is absent. */
export interface Field {
	element: HTMLElement;
	value(): unknown;
}

export interface Making {
	schemas: Schemas;
	changed: () => void;
	/** Where the value stands: problems are shown there. */
	pointer: string;
	/** What names the field. */
	label: string;
	depth: number;
}

const DEEPEST = 24;

const below = (making: Making, name: string | number, label = String(name)): Making => ({
	...making, label, depth: making.depth + 1, pointer: `${making.pointer}/${String(name).replace(/~/g, "~0").replace(/\//g, "~1")}`,
});

/** Where check's problems of this very value appear. */
export function problemPlace(pointer: string): HTMLElement {
	return h("p", { class: "problem", "data-at": pointer, hidden: true });
}

function button(text: string, label: string, onclick: () => void, kind = "small"): HTMLButtonElement {
	return h("button", { type: "button", class: kind, "aria-label": label, title: label, onclick }, text);
}

/** Any field for a schema. */
export function fieldOf(given: Schema, value: unknown, making: Making): Field {
	if (making.depth > DEEPEST)
		return scalarField({}, value, making);
	const { arms, nullable } = choicesOf(given, making.schemas);
	if (nullable && arms.length > 0)
		return nullableField(arms.length === 1 && arms[0] ? arms[0].schema : withoutNull(given, making.schemas), value, making);
	if (arms.length > 1)
		return unionField(arms, value, making);
	return plainField(arms[0]?.schema ?? flat(given, making.schemas), value, making);
}

function withoutNull(given: Schema, schemas: Schemas): Schema {
	const { arms } = choicesOf(given, schemas);
	return { anyOf: arms.map(({ title, schema }) => ({ ...schema, title: title || schema.title })) };
}

function plainField(schema: Schema, value: unknown, making: Making): Field {
	const [type] = typesOf(schema);
	if (type === "object" || (type === undefined && isRecord(schema.properties)))
		return objectField(schema, value, making);
	if (type === "array")
		return Array.isArray(schema.items) ? tupleField(schema, value, making) : listField(schema, value, making);
	return scalarField(schema, value, making);
}

function nullableField(schema: Schema, value: unknown, making: Making): Field {
	let inner: Field | null = null;
	const place = h("div");
	const box = h("input", { type: "checkbox", "aria-label": `${making.label} is null` });
	box.checked = value === null;
	const show = (from: unknown) => {
		inner = box.checked ? null : fieldOf(schema, from, making);
		replace(place, inner?.element);
	};
	box.addEventListener("change", () => {
		show(example(schema, making.schemas));
		making.changed();
	});
	show(value);
	return {
		element: h("div", { class: "nullable" }, h("label", { class: "check" }, box, "null"), place),
		value: () => (inner ? inner.value() : null),
	};
}

function unionField(arms: { title: string; schema: Schema }[], value: unknown, making: Making): Field {
	const best = arms.map(({ schema }, i) => [likeness(schema, value, making.schemas), i] as const).sort((a, b) => b[0] - a[0])[0]?.[1] ?? 0;
	const select = h("select", { "aria-label": `Kind of ${making.label}` }, ...arms.map(({ title }, i) => h("option", { value: String(i) }, title || `choice ${i + 1}`)));
	const place = h("div", { class: "arm" });
	let inner: Field;
	const show = (from: unknown) => {
		inner = fieldOf({ ...(arms[Number(select.value)] ?? { schema: {} }).schema, title: undefined }, from, making);
		replace(place, inner.element);
	};
	select.value = String(best);
	select.addEventListener("change", () => {
		show(example(arms[Number(select.value)]?.schema ?? {}, making.schemas));
		making.changed();
	});
	show(value);
	return { element: h("div", { class: "union" }, select, place), value: () => inner.value() };
}

/* ---- objects */

function notes(schema: Schema): string {
	const said: string[] = [];
	const between = (least: unknown, most: unknown, what: string) => {
		if (least !== undefined && least === most)
			said.push(`exactly ${String(least)}${what}`);
		else if (least !== undefined && most !== undefined)
			said.push(`${String(least)} to ${String(most)}${what}`);
		else if (least !== undefined || most !== undefined)
			said.push(`${least !== undefined ? `from ${String(least)}` : `up to ${String(most)}`}${what}`);
	};
	const number = (value: unknown) => (isRecord(value) || value === undefined ? undefined : Math.abs(Number(String((value as { text?: string }).text ?? value))) >= 2 ** 53 - 1 ? undefined : value);
	if (schema.format === undefined)
		between(schema.minLength, schema.maxLength, " characters");
	between(number(schema.minimum), number(schema.maximum), "");
	if (!Array.isArray(schema.items))
		between(schema.minItems, schema.maxItems, " items");
	if (typeof schema.format === "string")
		said.push(schema.format);
	if (schema.contentEncoding === "base64")
		said.push("base64");
	if (schema.uniqueItems === true)
		said.push("no item twice");
	return said.join(" · ");
}

interface Row {
	name: string;
	field: () => Field | null;
	element: HTMLElement;
}

function memberRow(name: string, given: Schema, required: boolean, value: unknown, making: Making): Row {
	const schema = flat(given, making.schemas);
	const inside = below(making, name);
	const place = h("div", { class: "value" });
	let field: Field | null = null;
	const show = (from: unknown) => {
		field = fieldOf(given, from, inside);
		replace(place, field.element);
	};
	const box = required ? null : h("input", { type: "checkbox", "aria-label": `send ${name}` });
	if (required || value !== undefined)
		show(value);
	if (box) {
		box.checked = value !== undefined;
		box.addEventListener("change", () => {
			if (box.checked)
				show(example(given, making.schemas));
			else
				replace(place, field = null);
			making.changed();
		});
	}
	const flag = schema.default !== undefined ? `default ${JSON.stringify(schema.default)}` : required ? "" : "optional";
	const words = typeof schema.description === "string" ? schema.description : "";
	const element = h("div", { class: "member" },
		h("div", { class: "member-head" }, box ? h("label", { class: "check" }, box, h("b", {}, name)) : h("b", {}, name),
			h("span", { class: "hint" }, [flag, notes(schema)].filter(Boolean).join(" · "))),
		words ? h("p", { class: "doc" }, prose(words)) : null, place, problemPlace(inside.pointer));
	return { name, field: () => field, element };
}

/** Members, and further ones where the schema takes them. Constants that tell messages and arms apart are not asked for. */
export function objectField(schema: Schema, value: unknown, making: Making, hidden: ReadonlySet<string> = new Set()): Field {
	const given = isRecord(value) ? value : {};
	const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
	const constants: [string, unknown][] = [];
	const rows: Row[] = [];
	const known = new Set<string>(hidden);
	for (const [name, part] of Object.entries(schemaOf(schema.properties))) {
		const constant = flat(schemaOf(part), making.schemas).const;
		if (known.has(name))
			continue;
		known.add(name);
		if (constant !== undefined && required.has(name))
			constants.push([name, constant]);
		else
			rows.push(memberRow(name, schemaOf(part), required.has(name), given[name], making));
	}
	const more = furtherMembers(schema, Object.entries(given).filter(([name]) => !known.has(name)), making);
	const element = h("div", { class: making.depth > 0 ? "object" : "object top", role: "group", "aria-label": making.label },
		...rows.map((row) => row.element), more.element,
		rows.length === 0 && !more.element ? h("p", { class: "quiet" }, "nothing to fill in") : null);
	return {
		element,
		value: () => {
			const result: Record<string, unknown> = {};
			for (const [name, constant] of constants)
				setMember(result, name, constant);
			for (const { name, field } of rows) {
				const each = field()?.value();
				if (each !== undefined)
					setMember(result, name, each);
			}
			for (const [name, each] of more.members())
				setMember(result, name, each);
			return result;
		},
	};
}

/** Maps and open records: rows with names of one's own. What came unasked (from the editor) is kept, too. */
function furtherMembers(schema: Schema, given: [string, unknown][], making: Making): { element: HTMLElement | null; members(): [string, unknown][] } {
	const part = schema.additionalProperties;
	const takes = isRecord(part) || (part === true && Object.keys(schemaOf(schema.properties)).length === 0);
	const rows: { name: HTMLInputElement; field: Field; element: HTMLElement }[] = [];
	const place = h("div");
	const add = (name: string, value: unknown) => {
		const field = fieldOf(schemaOf(part), value, below(making, name));
		const input = h("input", { type: "text", class: "key", "aria-label": "name", oninput: making.changed });
		input.value = name;
		const row = { name: input, field, element: h("div", { class: "item" }) };
		append(row.element, h("div", { class: "key-row" }, input, h("div", { class: "value" }, field.element), button("×", `Remove ${name || "this member"}`, () => {
			rows.splice(rows.indexOf(row), 1);
			row.element.remove();
			making.changed();
		})), problemPlace(`${making.pointer}/${name}`));
		rows.push(row);
		place.append(row.element);
	};
	given.forEach(([name, value]) => add(name, value));
	const members = () => rows.map(({ name, field }): [string, unknown] => [name.value, field.value()]);
	if (!takes && given.length === 0)
		return { element: null, members };
	return {
		element: h("div", { class: "list" }, place, takes ? button("Add a member", `Add a member to ${making.label}`, () => {
			add(`key${rows.length + 1}`, example(schemaOf(part), making.schemas));
			making.changed();
		}) : null),
		members,
	};
}

/* ---- lists */

function tupleField(schema: Schema, value: unknown, making: Making): Field {
	const given = Array.isArray(value) ? value : [];
	const parts = (schema.items as unknown[]).map(schemaOf);
	const constants = parts.map((part) => flat(part, making.schemas).const);
	const fields = parts.map((part, i) => (constants[i] !== undefined ? null
		: fieldOf(part, given[i], below(making, i, typeof part.title === "string" ? part.title : `item ${i + 1}`))));
	const extra = given.slice(parts.length);
	return {
		element: h("div", { class: making.depth > 0 ? "object" : "object top", role: "group", "aria-label": making.label }, ...fields.map((field, i) => field && h("div", { class: "member" },
			h("div", { class: "member-head" }, h("b", {}, String(parts[i]?.title ?? i))), field.element, problemPlace(`${making.pointer}/${i}`)))),
		value: () => [...fields.map((field, i) => (field ? field.value() : constants[i])), ...extra],
	};
}

function listField(schema: Schema, value: unknown, making: Making): Field {
	const part = schemaOf(schema.items);
	const items: { field: Field; element: HTMLElement }[] = [];
	const place = h("div");
	const remove = (item: { element: HTMLElement }) => {
		const at = items.findIndex((each) => each === item);
		/* What follows moves up: its places for problems are made anew. */
		const rest = items.splice(at).slice(1).map(({ field }) => field.value());
		while (place.children.length > at)
			place.lastElementChild?.remove();
		rest.forEach(add);
		making.changed();
	};
	const add = (from: unknown) => {
		const inside = below(making, items.length, `item ${items.length + 1} of ${making.label}`);
		const field = fieldOf(part, from, inside);
		const item = { field, element: h("div", { class: "item" }) };
		append(item.element, h("div", { class: "item-row" }, h("div", { class: "value" }, field.element),
			button("×", `Remove ${inside.label}`, () => remove(item))), problemPlace(inside.pointer));
		items.push(item);
		place.append(item.element);
	};
	(Array.isArray(value) ? value : []).forEach(add);
	return {
		element: h("div", { class: "list", role: "group", "aria-label": making.label }, place, button("Add an item", `Add an item to ${making.label}`, () => {
			add(example(part, making.schemas));
			making.changed();
		})),
		value: () => items.map(({ field }) => field.value()),
	};
}

/* ---- a whole one */

export interface Form {
	element: HTMLElement;
	value(): unknown;
	/** Shows what is wrong beside what it is wrong with; how many were shown nowhere. */
	show(problems: { at: string; words: string }[]): number;
}

export function formOf(schema: Schema, value: unknown, schemas: Schemas, changed: () => void, label: string, hidden: ReadonlySet<string> = new Set()): Form {
	const making: Making = { schemas, changed, pointer: "", label, depth: 0 };
	const view = flat(schema, schemas);
	const isObject = isRecord(view.properties) && !view.oneOf && !view.anyOf;
	const field = isObject ? objectField(view, value, making, hidden) : fieldOf(view, value, making);
	const element = h("div", { class: "form", id: freshId("form") }, field.element);
	return {
		element,
		value: field.value,
		show: (problems) => {
			let elsewhere = 0;
			const places = new Map<string, HTMLElement>();
			for (const each of element.querySelectorAll<HTMLElement>(".problem")) {
				places.set(each.dataset.at ?? "", each);
				each.hidden = true;
				each.textContent = "";
			}
			for (const each of element.querySelectorAll("[aria-invalid]"))
				each.removeAttribute("aria-invalid");
			for (const { at, words } of problems) {
				const place = places.get(at);
				if (!place) {
					elsewhere++;
					continue;
				}
				place.textContent = place.textContent ? `${place.textContent}. ${words}` : words;
				place.hidden = false;
				const input = place.parentElement?.querySelector(":scope input:not([type=checkbox]), :scope textarea, :scope select");
				input?.setAttribute("aria-invalid", "true");
			}
			return elsewhere;
		},
	};
}
