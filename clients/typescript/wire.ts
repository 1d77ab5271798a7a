/* SPDX-License-Identifier: MIT */
/*
 * wire.ts - frames: how a contract tells its messages apart, and what stands beside their members. Knows nothing of sockets.
 */
import { parseExact, writeExact } from "./json.js";
import { Conversion, type Literal, type Member, type Shape, type Shapes } from "./shapes.js";

/** One message: its tags for the contract's discriminators, and what it looks like without them. */
export interface MessageSpec {
	readonly tags: readonly Literal[];
	readonly type: Shape;
	/** Where its tags stand, if not where those of what the server sends do. */
	readonly keys?: readonly (string | number)[];
}

/** Names of the members of the envelope; those that a contract switches off are not there. */
export interface EnvelopeSpec {
	readonly ref?: string;
	readonly topic?: string;
	readonly message_id?: string;
	readonly seq?: string;
	readonly epoch?: string;
	readonly version?: string;
	readonly is_mine?: string;
	readonly is_current?: string;
}

export interface ParamSpec extends Member {
	readonly name: string;
	/** Its name in the URL, where that is another one. */
	readonly wire?: string;
}

/** What travels on one connection: of a consumer, or of a topic, which is spoken of on a consumer's. */
export interface ConsumerSpec {
	readonly name: string;
	/** Pieces of the path: texts and parameters. */
	readonly path: readonly (string | ParamSpec)[];
	readonly query: readonly ParamSpec[];
	/** Members that say which message a frame is, or positions where frames are arrays: of the client's, of the server's. */
	readonly sendKeys: readonly (string | number)[];
	readonly keys: readonly (string | number)[];
	readonly envelope: EnvelopeSpec;
	/** Array frames: where the ref stands. */
	readonly refAt?: number;
	/** Refs are integers. */
	readonly refIsInt?: true;
	/** Standard messages are understood. */
	readonly std?: true;
	readonly heartbeat?: true;
	readonly completion?: true;
	/** A group of it keeps a history. */
	readonly recoverable?: true;
	/** Its URL has to say that the first frame will bring credentials: without any, everybody may come in as nobody. */
	readonly announces?: true;
	readonly subprotocols?: readonly string[];
	/** What clients send, with the names of what answers it. */
	readonly sends: { readonly [name: string]: { readonly message: MessageSpec; readonly answers?: readonly string[] } };
	readonly incoming: { readonly [name: string]: MessageSpec };
	/** Answers by name, also those that share tags with others: only a ref tells them apart. */
	readonly answers: { readonly [name: string]: MessageSpec };
	readonly asks: { readonly [name: string]: { readonly message: MessageSpec; readonly answers: { readonly [name: string]: MessageSpec } } };
	/** The first frame of all, and what tells of refused ones where there are no standard messages: names of `incoming`. */
	readonly greeting?: string;
	readonly error?: string;
	/** Messages that authenticate, among `sends`. */
	readonly first?: readonly string[];
	readonly topics?: { readonly [name: string]: TopicSpec };
}

export interface TopicSpec extends ConsumerSpec {
	/** Pieces of the group's name. */
	readonly group: readonly (string | ParamSpec)[];
}

export type Frame = Record<string, unknown> | unknown[];

/** What stands beside a message's own members. */
export interface Envelope {
	ref?: string | number;
	topic?: string;
	message_id?: string;
}

const isFrame = (value: unknown): value is Frame => value !== null && typeof value === "object";

export function at(frame: Frame, key: string | number): unknown {
	if (Array.isArray(frame) !== (typeof key === "number"))
		return undefined;
	return Object.prototype.hasOwnProperty.call(frame, key) ? (frame as Record<string | number, unknown>)[key] : undefined;
}

/** Writes and reads the frames of one contract. */
export class Wire {
	readonly #from: Conversion;
	readonly #to: Conversion;
	readonly #exact: boolean;

	constructor(shapes: Shapes, readonly spec: ConsumerSpec) {
		const probe = new Conversion(shapes, true, false);
		const messages = (of: ConsumerSpec): MessageSpec[] => [...Object.values(of.incoming), ...Object.values(of.answers),
			...Object.values(of.asks).map((ask) => ask.message), ...Object.values(of.topics ?? {}).flatMap(messages)];
		this.#exact = messages(spec).some((message) => probe.exact(message.type));
		this.#from = new Conversion(shapes, true, this.#exact);
		this.#to = new Conversion(shapes, false, false);
	}

	/** null: not JSON, or neither an object nor an array. */
	parse(text: string): Frame | null {
		try {
			const value = this.#exact ? parseExact(text) : JSON.parse(text) as unknown;
			return isFrame(value) ? value : null;
		} catch {
			return null;
		}
	}

	/** The message that a frame is: of those that fit the one with the most tags. */
	recognise(frame: Frame, messages: { readonly [name: string]: MessageSpec }, keys: readonly (string | number)[]): string | undefined {
		let found: string | undefined;
		let most = -1;
		for (const [name, { tags, type }] of Object.entries(messages)) {
			const fits = tags.length ? tags.every((tag, i) => at(frame, keys[i]!) === tag)
				: (type.is === "tuple") === Array.isArray(frame) && at(frame, keys[0]!) === undefined;
			if (fits && tags.length > most) {
				found = name;
				most = tags.length;
			}
		}
		return found;
	}

	/** As the program holds it: the frame, with its discriminators and envelope. */
	read(frame: Frame, message: MessageSpec): unknown {
		if (!Array.isArray(frame))
			return this.#from.apply(message.type, frame);
		const places = this.#places(message, this.spec.keys, frame.length);
		const own = this.#from.apply(message.type, places.map((place) => frame[place])) as unknown[];
		const result = [...frame];
		places.forEach((place, i) => {
			result[place] = own[i];
		});
		return result;
	}

	/** Positions of an array frame that neither a tag nor the ref has. */
	#places(message: MessageSpec, keys: readonly (string | number)[], length: number): number[] {
		const taken = new Set<unknown>([...keys.slice(0, message.tags.length), this.spec.refAt]);
		return Array.from({ length }, (_, i) => i).filter((i) => !taken.has(i));
	}

	/** The text of a frame. */
	write(message: MessageSpec, body: unknown, envelope: Envelope, keys = this.spec.sendKeys): string {
		const value = this.#to.apply(message.type, body);
		return writeExact(Array.isArray(value) && typeof keys[0] === "number" ? this.#array(message, value, envelope, keys)
			: this.#object(message, (value ?? {}) as Record<string, unknown>, envelope, keys));
	}

	#object(message: MessageSpec, body: Record<string, unknown>, envelope: Envelope, keys: readonly (string | number)[]): Frame {
		const frame: Record<string, unknown> = {};
		message.tags.forEach((tag, i) => {
			frame[keys[i] as string] = tag;
		});
		Object.assign(frame, body);
		for (const member of ["ref", "topic", "message_id"] as const) {
			const name = this.spec.envelope[member];
			if (name !== undefined && envelope[member] !== undefined)
				frame[name] = envelope[member];
		}
		return frame;
	}

	#array(message: MessageSpec, own: unknown[], envelope: Envelope, keys: readonly (string | number)[]): Frame {
		const frame: unknown[] = [];
		message.tags.forEach((tag, i) => {
			frame[keys[i] as number] = tag;
		});
		if (this.spec.refAt !== undefined)
			frame[this.spec.refAt] = envelope.ref ?? null;
		const fixed = message.tags.length + (this.spec.refAt !== undefined ? 1 : 0);
		const places = this.#places(message, keys, own.length + fixed);
		own.forEach((element, i) => {
			frame[places[i]!] = element;
		});
		return frame;
	}

	/** Its ref as it came, or undefined. */
	refOf(frame: Frame): string | number | undefined {
		const name = Array.isArray(frame) ? this.spec.refAt : this.spec.envelope.ref;
		const ref = name === undefined ? undefined : at(frame, name);
		return typeof ref === "string" || typeof ref === "number" ? ref : undefined;
	}
}

/* ---- names and addresses ---- */

/** A parameter's value as the server writes it. Programs without types learn here what they have forgotten. */
function paramText(name: string, value: unknown): string {
	if (value === undefined || value === null)
		throw new TypeError(`The parameter '${name}' is missing`);
	return typeof value === "string" ? value : String(value);
}

const utf8 = (text: string): string[] => encodeURIComponent(text).match(/%[0-9A-F]{2}|[^]/g) ?? [];

/** The name of a group: all but ASCII letters and digits of its parameters is percent-encoded. */
export function groupName(parts: readonly (string | ParamSpec)[], params: Record<string, unknown>): string {
	const plain = (unit: string) => unit.length > 1 || /[0-9A-Za-z]/.test(unit) ? unit
		: `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
	return parts.map((part) => typeof part === "string" ? part : utf8(paramText(part.name, params[part.name] ?? part.default)).map(plain).join("")).join("");
}

/** Path and query of a consumer's URL. */
export function pathOf(spec: ConsumerSpec, params: Record<string, unknown>): string {
	const path = spec.path.map((part) => typeof part === "string" ? part : encodeURIComponent(paramText(part.name, params[part.name]))).join("");
	const query = spec.query.filter((param) => params[param.name] !== undefined)
		.map((param) => `${encodeURIComponent(param.wire ?? param.name)}=${encodeURIComponent(paramText(param.name, params[param.name]))}`);
	return path + (query.length ? `?${query.join("&")}` : "");
}
