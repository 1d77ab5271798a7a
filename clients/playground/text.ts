/* SPDX-License-Identifier: MIT */
/*
 * text.ts - JSON for eyes: laid out with all its digits, and coloured. Knows nothing of contracts.
 */
import { Digits } from "../typescript/json.js";
import { h } from "./dom.js";

const WIDTH = 76;

function scalar(value: unknown): string {
	if (value instanceof Digits)
		return value.text;
	return JSON.stringify(value) ?? "null";
}

/** On one line where that is short; each member on its own where it is not. */
export function pretty(value: unknown, indent = ""): string {
	if (value === null || typeof value !== "object" || value instanceof Digits)
		return scalar(value);
	const inner = `${indent}  `;
	const isList = Array.isArray(value);
	const parts = isList ? value.map((each) => pretty(each, inner))
		: Object.entries(value).filter(([, each]) => each !== undefined).map(([name, each]) => `${JSON.stringify(name)}: ${pretty(each, inner)}`);
	const [open, close] = isList ? "[]" : "{}";
	if (parts.length === 0)
		return `${open}${close}`;
	const line = isList ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
	if (indent !== "" && indent.length + line.length <= WIDTH && !line.includes("\n"))
		return line;
	return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

const TOKENS = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|\b(true|false|null)\b/g;
const MOST = 60_000;

/** Coloured, wrong JSON as well as right. Very long texts stay as they are. */
export function coloured(text: string): DocumentFragment {
	const fragment = document.createDocumentFragment();
	if (text.length > MOST) {
		fragment.append(text);
		return fragment;
	}
	let at = 0;
	for (const match of text.matchAll(TOKENS)) {
		const [whole, string, colon, number] = match;
		if (match.index > at)
			fragment.append(text.slice(at, match.index));
		fragment.append(h("span", { class: string !== undefined ? (colon !== undefined ? "k" : "s") : number !== undefined ? "n" : "w" }, string ?? whole));
		if (colon !== undefined)
			fragment.append(colon);
		at = match.index + whole.length;
	}
	fragment.append(text.slice(at));
	return fragment;
}

export function sizeOf(bytes: number): string {
	return bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function millisecondsOf(ms: number): string {
	return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function timeOf(date: Date): string {
	const two = (n: number, width = 2) => String(n).padStart(width, "0");
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}
