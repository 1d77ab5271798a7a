/* SPDX-License-Identifier: MIT */
/*
 * json.ts - JSON whose numbers keep their digits. JSON.parse would make 9007199254740993 into ...992, and 0.10 into 0.1. Knows nothing
 * of contracts.
 *
 * The grammar is the engine's own. Numbers that would change travel through it as strings that begin with a NUL; strings of the
 * text that begin with one get a second.
 */

/** A number as its text. */
export class Digits {
	constructor(readonly text: string) {}
}

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const NUL = "\\u0000";

function revive(value: unknown): unknown {
	if (typeof value === "string")
		return !value.startsWith("\0") ? value : value[1] === "\0" ? value.slice(1) : new Digits(value.slice(1));
	if (Array.isArray(value))
		return value.map(revive);
	if (value === null || typeof value !== "object")
		return value;
	const result: Record<string, unknown> = {};
	for (const [name, member] of Object.entries(value))
		setMember(result, name.startsWith("\0") ? name.slice(1) : name, revive(member));
	return result;
}

/** A member of that name, whatever the name: "__proto__" is one like all others. */
export function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
	if (name === "__proto__")
		Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
	else
		object[name] = value;
}

/** As JSON.parse; numbers that a JavaScript number would change are Digits. */
export function parseExact(text: string): unknown {
	let marked = false;
	const safe = text.replace(TOKENS, (token) => {
		if (token[0] !== '"') {
			if (String(Number(token)) === token)
				return token;
			marked = true;
			return `"${NUL}${token}"`;
		}
		if (!token.startsWith(`"${NUL}`))
			return token;
		marked = true;
		return `"${NUL}${token.slice(1)}`;
	});
	const value: unknown = JSON.parse(safe);
	return marked ? revive(value) : value;
}

/** As JSON.stringify; Digits and bigints are numbers with all their digits. */
export function writeExact(value: unknown): string {
	let marked = false;
	const text = JSON.stringify(value, (_name, each: unknown) => {
		if (typeof each === "bigint" || each instanceof Digits) {
			marked = true;
			return `\0${typeof each === "bigint" ? each : each.text}`;
		}
		return typeof each === "string" && each.startsWith("\0") ? `\0${each}` : each;
	});
	if (!marked && !text.includes(NUL))
		return text;
	/* What stands before a colon is a name, and was not marked. */
	return text.replace(/("(?:[^"\\]|\\.)*")(:?)/g, (whole, token: string, colon: string) => {
		if (colon || !token.startsWith(`"${NUL}`))
			return whole;
		const rest = token.slice(NUL.length + 1);
		return rest.startsWith(NUL) ? `"${rest}` : rest.slice(0, -1);
	});
}

/** Numbers again, for what has no type in the contract. */
export function withoutDigits(value: unknown): unknown {
	if (value instanceof Digits)
		return Number(value.text);
	if (Array.isArray(value))
		return value.map(withoutDigits);
	if (value === null || typeof value !== "object")
		return value;
	const result: Record<string, unknown> = {};
	for (const [name, member] of Object.entries(value))
		setMember(result, name, withoutDigits(member));
	return result;
}
