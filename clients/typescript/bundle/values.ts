/* ---- json ---- */

/** A number as its text. */
class Digits$ {
	constructor(readonly text: string) {}
}

const TOKENS$ = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const NUL$ = "\\u0000";

function revive$(value: unknown): unknown {
	if (typeof value === "string")
		return !value.startsWith("\0") ? value : value[1] === "\0" ? value.slice(1) : new Digits$(value.slice(1));
	if (Array.isArray(value))
		return value.map(revive$);
	if (value === null || typeof value !== "object")
		return value;
	const result: Record<string, unknown> = {};
	for (const [name, member] of Object.entries(value))
		setMember$(result, name.startsWith("\0") ? name.slice(1) : name, revive$(member));
	return result;
}

/** A member of that name, whatever the name: "__proto__" is one like all others. */
function setMember$(object: Record<string, unknown>, name: string, value: unknown): void {
	if (name === "__proto__")
		Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
	else
		object[name] = value;
}

/** As JSON.parse; numbers that a JavaScript number would change are Digits. */
function parseExact$(text: string): unknown {
	let marked = false;
	const safe = text.replace(TOKENS$, (token) => {
		if (token[0] !== '"') {
			if (String(Number(token)) === token)
				return token;
			marked = true;
			return `"${NUL$}${token}"`;
		}
		if (!token.startsWith(`"${NUL$}`))
			return token;
		marked = true;
		return `"${NUL$}${token.slice(1)}`;
	});
	const value: unknown = JSON.parse(safe);
	return marked ? revive$(value) : value;
}

/** As JSON.stringify; Digits and bigints are numbers with all their digits. */
function writeExact$(value: unknown): string {
	let marked = false;
	const text = JSON.stringify(value, (_name, each: unknown) => {
		if (typeof each === "bigint" || each instanceof Digits$) {
			marked = true;
			return `\0${typeof each === "bigint" ? each : each.text}`;
		}
		return typeof each === "string" && each.startsWith("\0") ? `\0${each}` : each;
	});
	if (!marked && !text.includes(NUL$))
		return text;
	/* What stands before a colon is a name, and was not marked. */
	return text.replace(/("(?:[^"\\]|\\.)*")(:?)/g, (whole, token: string, colon: string) => {
		if (colon || !token.startsWith(`"${NUL$}`))
			return whole;
		const rest = token.slice(NUL$.length + 1);
		return rest.startsWith(NUL$) ? `"${rest}` : rest.slice(0, -1);
	});
}

/** Numbers again, for what has no type in the contract. */
function withoutDigits$(value: unknown): unknown {
	if (value instanceof Digits$)
		return Number(value.text);
	if (Array.isArray(value))
		return value.map(withoutDigits$);
	if (value === null || typeof value !== "object")
		return value;
	const result: Record<string, unknown> = {};
	for (const [name, member] of Object.entries(value))
		setMember$(result, name, withoutDigits$(member));
	return result;
}

/* ---- shapes ---- */

/** One type. Numbers that a JavaScript number might not hold are texts. */
type Shape$ =
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
		readonly len?: Range$;
		readonly bytes?: Range$;
		readonly patterns?: readonly string[];
		readonly format?: string;
		readonly notBlank?: true;
		/** What is cut off or changed before anything is checked. */
		readonly trim?: true;
		readonly letters?: "lower" | "upper";
	}
	| { readonly is: "bytes"; readonly bytes?: Range$ }
	| { readonly is: "enum"; readonly values: readonly Literal$[]; readonly open?: "string" | "int" }
	| {
		readonly is: "record";
		readonly members: { readonly [name: string]: Member$ };
		readonly closed?: true;
		/** The members that it does not declare. */
		readonly further?: Use$;
		readonly count?: Range$;
	}
	| { readonly is: "list"; readonly of: Use$; readonly count?: Range$; readonly unique?: true }
	| { readonly is: "map"; readonly of: Use$; readonly key?: Shape$; readonly count?: Range$ }
	| { readonly is: "tuple"; readonly of: readonly Member$[] }
	/** Told apart by the member `by`. A union without one has it beside itself: see Member. */
	| { readonly is: "union"; readonly by: string; readonly arms: readonly Arm$[]; readonly other?: true }
	| { readonly is: "choice"; readonly arms: readonly Shape$[] };

type Literal$ = string | number | boolean;
/** Least and most, both included; null: no bound. */
type Range$ = readonly [number | null, number | null];
interface Use$ {
	readonly type: Shape$;
	readonly nullable?: true;
}
interface Member$ extends Use$ {
	readonly optional?: true;
	/** As it would travel. */
	readonly default?: unknown;
	/** The member beside this one that tells the union's arms apart. */
	readonly beside?: string;
}
interface Arm$ {
	readonly tag: Literal$;
	readonly type: Shape$;
	readonly nullable?: true;
}
/** Named types of a contract. */
interface Shapes$ {
	readonly [name: string]: Shape$;
}

/** What a union's else arm holds where the tag stands beside it. */
export interface UnknownValue<Tag = string> {
	tag: Tag;
	value: unknown;
}

type Converter$ = (value: unknown) => unknown;
type Members$ = Record<string, unknown>;

const isObject$ = (value: unknown): value is Members$ =>
	value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Digits$);

const has$ = (object: object, name: string): boolean => Object.prototype.hasOwnProperty.call(object, name);

interface Base64Host$ {
	atob(text: string): string;
	btoa(text: string): string;
}

function bytesOf$(text: string): Uint8Array {
	return Uint8Array.from((globalThis as unknown as Base64Host$).atob(text), (unit) => unit.charCodeAt(0));
}

function base64Of$(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes)
		text += String.fromCharCode(byte);
	return (globalThis as unknown as Base64Host$).btoa(text);
}

/* 12, 12.0 and 1.2e1 are the same integer. */
function bigintOf$(text: string): bigint | null {
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
class Conversion$ {
	readonly #shapes: Shapes$;
	readonly #fromWire: boolean;
	/** What is done to values without a converter: with digits there may be some in them. */
	readonly #plain: Converter$ | null;
	readonly #made = new Map<Shape$, Converter$ | null>();
	readonly #touched = new Map<Shape$, boolean>();

	constructor(shapes: Shapes$, fromWire: boolean, digits: boolean) {
		this.#shapes = shapes;
		this.#fromWire = fromWire;
		this.#plain = fromWire && digits ? withoutDigits$ : null;
	}

	apply(shape: Shape$, value: unknown): unknown {
		const converter = this.#of(shape);
		return converter ? converter(value) : value;
	}

	/** Whether numbers of this type must be read with their digits. */
	exact(shape: Shape$): boolean {
		return this.#reaches(shape, new Set(), (each) => "held" in each && each.held !== undefined);
	}

	#named(shape: Shape$): Shape$ {
		return shape.is === "ref" ? this.#named(this.#shapes[shape.to] ?? { is: "json" }) : shape;
	}

	#reaches(shape: Shape$, seen: Set<Shape$>, test: (shape: Shape$) => boolean): boolean {
		const named = this.#named(shape);
		if (seen.has(named))
			return false;
		seen.add(named);
		return test(named) || partsOf$(named).some((part) => this.#reaches(part, seen, test));
	}

	/* A type that holds another one that is converted is converted itself. */
	#converts(shape: Shape$): boolean {
		let known = this.#touched.get(shape);
		if (known === undefined) {
			known = this.#reaches(shape, new Set(), (each) => ("held" in each && each.held !== undefined) || each.is === "bytes" ||
				(each.is === "union" && each.other === true) || (this.#fromWire && fillsIn$(each)));
			this.#touched.set(shape, known);
		}
		return known;
	}

	#of(shape: Shape$): Converter$ | null {
		const named = this.#named(shape);
		let made = this.#made.get(named);
		if (made === undefined) {
			made = this.#converts(named) ? this.#make(named) : null;
			this.#made.set(named, made);
		}
		return made ?? this.#plain;
	}

	#make(shape: Shape$): Converter$ | null {
		switch (shape.is) {
		case "int":
		case "number":
		case "decimal": return this.#number(shape.held);
		case "bytes":
			return this.#fromWire
				? (value) => typeof value === "string" ? tryBytes$(value) : value
				: (value) => value instanceof Uint8Array ? base64Of$(value) : value;
		case "record": return (value) => isObject$(value) ? this.#record(shape.members, shape.further, value) : value;
		case "list": return (value) => Array.isArray(value) ? value.map((each) => this.apply(shape.of.type, each)) : value;
		case "map": return (value) => isObject$(value) ? this.#record({}, shape.of, value) : value;
		case "tuple":
			return (value) => Array.isArray(value) ? value.map((each, i) => {
				const element = shape.of[i];
				return element ? this.apply(element.type, each) : each;
			}) : value;
		case "union": return (value) => isObject$(value) ? this.#union(shape, value) : value;
		case "choice": return (value) => this.#choice(shape.arms, value);
		default: return null;
		}
	}

	#rest(value: unknown): unknown {
		return this.#plain ? this.#plain(value) : value;
	}

	#number(held: "bigint" | "digits" | undefined): Converter$ | null {
		if (!held)
			return this.#plain;
		const textOf = (value: unknown): string | null =>
			value instanceof Digits$ ? value.text : typeof value === "number" ? String(value) : null;
		if (this.#fromWire)
			return (value) => {
				const text = textOf(value);
				return text === null ? value : held === "bigint" ? bigintOf$(text) ?? withoutDigits$(value) : text;
			};
		return (value) => held === "digits" && typeof value === "string" && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value)
			? new Digits$(value) : value;
	}

	#record(members: { readonly [name: string]: Member$ }, further: Use$ | undefined, value: Members$): Members$ {
		const result: Members$ = {};
		for (const [name, each] of Object.entries(value)) {
			const member = has$(members, name) ? members[name] : undefined;
			const use: Use$ | undefined = member ?? further;
			if (member?.beside !== undefined)
				continue;
			setMember$(result, name, use && each !== undefined ? this.apply(use.type, each) : this.#rest(each));
		}
		for (const [name, member] of Object.entries(members)) {
			if (member.beside !== undefined)
				this.#beside(name, member, member.beside, value, result);
			if (this.#fromWire && member.default !== undefined && !has$(value, name))
				result[name] = this.apply(member.type, copyOf$(member.default));
		}
		return result;
	}

	#beside(name: string, member: Member$, by: string, value: Members$, result: Members$): void {
		const union = this.#named(member.type);
		const own = value[name];
		if (!has$(value, name) || union.is !== "union")
			return;
		if (!this.#fromWire && value[by] === undefined && isUnknown$(own)) {
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

	#union(shape: Shape$ & { is: "union" }, value: Members$): unknown {
		const { [shape.by]: tag, ...rest } = value;
		const arm = shape.arms.find((each) => each.tag === tag);
		if (arm)
			return { [shape.by]: tag, ...(this.apply(arm.type, rest) as Members$) };
		if (!shape.other)
			return value;
		if (this.#fromWire)
			return { unknown: this.#rest(value) };
		return tag === undefined && isObject$(value.unknown) ? value.unknown : value;
	}

	#choice(arms: readonly Shape$[], value: unknown): unknown {
		const arm = arms.find((each) => fits$(this.#named(each), value, this.#fromWire));
		return arm ? this.apply(arm, value) : this.#rest(value);
	}
}

function fillsIn$(shape: Shape$): boolean {
	return shape.is === "record" && Object.values(shape.members).some((member) => member.default !== undefined);
}

function isUnknown$(value: unknown): value is UnknownValue<unknown> {
	return isObject$(value) && has$(value, "tag") && has$(value, "value");
}

function tryBytes$(text: string): Uint8Array | string {
	try {
		return bytesOf$(text);
	} catch {
		return text;
	}
}

function copyOf$(value: unknown): unknown {
	if (Array.isArray(value))
		return value.map(copyOf$);
	if (!isObject$(value))
		return value;
	const copy: Members$ = {};
	for (const [name, member] of Object.entries(value))
		setMember$(copy, name, copyOf$(member));
	return copy;
}

function partsOf$(shape: Shape$): Shape$[] {
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
function fits$(shape: Shape$, value: unknown, onWire: boolean): boolean {
	switch (shape.is) {
	case "json": return true;
	case "bool": return typeof value === "boolean";
	case "null": return value === null;
	case "enum":
		return shape.values.includes(value as Literal$) || (shape.open === "string" ? typeof value === "string"
			: shape.open === "int" ? typeof value === "number" : false);
	case "record":
	case "map":
	case "union": return isObject$(value) && !(value instanceof Uint8Array);
	case "list":
	case "tuple": return Array.isArray(value);
	case "string": return typeof value === "string";
	case "bytes": return onWire ? typeof value === "string" : value instanceof Uint8Array;
	case "int":
	case "number":
	case "decimal":
		if (!onWire && shape.held)
			return shape.held === "bigint" ? typeof value === "bigint" : typeof value === "string";
		return shape.quoted ? typeof value === "string" : typeof value === "number" || value instanceof Digits$;
	default: return false;
	}
}

/* ---- errors ---- */

/** One thing that is wrong with a frame, in the words of the server. */
export interface Problem {
	/** What kind: "missing", "string_too_long", "enum" … */
	type: string;
	/** Where, from the frame inwards. */
	loc: (string | number)[];
	/** A sentence for people. */
	msg: string;
	/** What was expected: {"max_length": 2000}. */
	ctx?: { [name: string]: unknown };
}

/** What the server says, and below the line what the client itself finds out. */
export type ErrorReason =
	| "invalid" | "refused" | "handler_failed" | "rate_limited" | "busy" | "too_large" | "conflict" | "lost"
	| "unknown_topic" | "unauthorized" | "not_subscribed"
	/* ---- */
	| "timeout" | "disconnected" | "closed" | "queue_full" | "aborted" | "unanswered";

/** A request that failed. `reason` says why. */
export class RequestError extends Error {
	override readonly name: string = "RequestError";
	/** One of ErrorReason, or a word of a server newer than this client. */
	readonly reason: ErrorReason | (string & {});
	/** The ref of the frame, where it had one. */
	readonly ref: string | undefined;

	constructor(reason: ErrorReason | (string & {}), detail: string, ref?: string) {
		super(detail);
		this.reason = reason;
		this.ref = ref;
	}
}

/** The frame breaks the contract: every problem with its place. */
export class InvalidError extends RequestError {
	override readonly name = "InvalidError";

	constructor(readonly problems: readonly Problem[], ref?: string) {
		super("invalid", problems.map((each) => `${each.loc.join(".") || "frame"}: ${each.msg}`).join("; "), ref);
	}
}

/** Too fast (rate_limited), or too much at once (busy): may be tried again after so many seconds. */
export class RetryLaterError extends RequestError {
	override readonly name = "RetryLaterError";

	constructor(reason: "rate_limited" | "busy", detail: string, readonly retryAfter: number, ref?: string) {
		super(reason, detail, ref);
	}
}

/** Refused with a message of the contract (`error problem;`): the frame, as the contract has it. */
export class RefusalError extends RequestError {
	override readonly name = "RefusalError";

	constructor(readonly refusal: unknown, ref?: string) {
		super("refused", "The server refuses it.", ref);
	}
}

/** The payload of a standard `error`: a list of problems, or {reason, detail}. */
function errorOf$(payload: unknown, ref?: string): RequestError {
	if (Array.isArray(payload))
		return new InvalidError(payload as Problem[], ref);
	const { reason, detail, retry_after: wait } = (payload ?? {}) as { reason?: unknown; detail?: unknown; retry_after?: unknown };
	const words = typeof detail === "string" ? detail : "The server gives no reason.";
	if (reason === "rate_limited" || reason === "busy")
		return new RetryLaterError(reason, words, typeof wait === "number" ? wait : 0, ref);
	return new RequestError(typeof reason === "string" ? reason : "refused", words, ref);
}

/* ---- wire ---- */

/** One message: its tags for the contract's discriminators, and what it looks like without them. */
interface MessageSpec$ {
	readonly tags: readonly Literal$[];
	readonly type: Shape$;
	/** Where its tags stand, if not where those of what the server sends do. */
	readonly keys?: readonly (string | number)[];
}

/** Names of the members of the envelope; those that a contract switches off are not there. */
interface EnvelopeSpec$ {
	readonly ref?: string;
	readonly topic?: string;
	readonly message_id?: string;
	readonly seq?: string;
	readonly epoch?: string;
	readonly version?: string;
	readonly is_mine?: string;
	readonly is_current?: string;
}

interface ParamSpec$ extends Member$ {
	readonly name: string;
	/** Its name in the URL, where that is another one. */
	readonly wire?: string;
}

/** What travels on one connection: of a consumer, or of a topic, which is spoken of on a consumer's. */
interface ConsumerSpec$ {
	readonly name: string;
	/** Pieces of the path: texts and parameters. */
	readonly path: readonly (string | ParamSpec$)[];
	readonly query: readonly ParamSpec$[];
	/** Members that say which message a frame is, or positions where frames are arrays: of the client's, of the server's. */
	readonly sendKeys: readonly (string | number)[];
	readonly keys: readonly (string | number)[];
	readonly envelope: EnvelopeSpec$;
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
	readonly sends: { readonly [name: string]: { readonly message: MessageSpec$; readonly answers?: readonly string[] } };
	readonly incoming: { readonly [name: string]: MessageSpec$ };
	/** Answers by name, also those that share tags with others: only a ref tells them apart. */
	readonly answers: { readonly [name: string]: MessageSpec$ };
	readonly asks: { readonly [name: string]: { readonly message: MessageSpec$; readonly answers: { readonly [name: string]: MessageSpec$ } } };
	/** The first frame of all, and what tells of refused ones where there are no standard messages: names of `incoming`. */
	readonly greeting?: string;
	readonly error?: string;
	/** Messages that authenticate, among `sends`. */
	readonly first?: readonly string[];
	readonly topics?: { readonly [name: string]: TopicSpec$ };
}

interface TopicSpec$ extends ConsumerSpec$ {
	/** Pieces of the group's name. */
	readonly group: readonly (string | ParamSpec$)[];
}

type Frame$ = Record<string, unknown> | unknown[];

/** What stands beside a message's own members. */
interface Envelope$ {
	ref?: string | number;
	topic?: string;
	message_id?: string;
}

const isFrame$ = (value: unknown): value is Frame$ => value !== null && typeof value === "object";

function at$(frame: Frame$, key: string | number): unknown {
	if (Array.isArray(frame) !== (typeof key === "number"))
		return undefined;
	return Object.prototype.hasOwnProperty.call(frame, key) ? (frame as Record<string | number, unknown>)[key] : undefined;
}

/** Writes and reads the frames of one contract. */
class Wire$ {
	readonly #from: Conversion$;
	readonly #to: Conversion$;
	readonly #exact: boolean;

	constructor(shapes: Shapes$, readonly spec: ConsumerSpec$) {
		const probe = new Conversion$(shapes, true, false);
		const messages = (of: ConsumerSpec$): MessageSpec$[] => [...Object.values(of.incoming), ...Object.values(of.answers),
			...Object.values(of.asks).map((ask) => ask.message), ...Object.values(of.topics ?? {}).flatMap(messages)];
		this.#exact = messages(spec).some((message) => probe.exact(message.type));
		this.#from = new Conversion$(shapes, true, this.#exact);
		this.#to = new Conversion$(shapes, false, false);
	}

	/** null: not JSON, or neither an object nor an array. */
	parse(text: string): Frame$ | null {
		try {
			const value = this.#exact ? parseExact$(text) : JSON.parse(text) as unknown;
			return isFrame$(value) ? value : null;
		} catch {
			return null;
		}
	}

	/** The message that a frame is: of those that fit the one with the most tags. */
	recognise(frame: Frame$, messages: { readonly [name: string]: MessageSpec$ }, keys: readonly (string | number)[]): string | undefined {
		let found: string | undefined;
		let most = -1;
		for (const [name, { tags, type }] of Object.entries(messages)) {
			const fits = tags.length ? tags.every((tag, i) => at$(frame, keys[i]!) === tag)
				: (type.is === "tuple") === Array.isArray(frame) && at$(frame, keys[0]!) === undefined;
			if (fits && tags.length > most) {
				found = name;
				most = tags.length;
			}
		}
		return found;
	}

	/** As the program holds it: the frame, with its discriminators and envelope. */
	read(frame: Frame$, message: MessageSpec$): unknown {
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
	#places(message: MessageSpec$, keys: readonly (string | number)[], length: number): number[] {
		const taken = new Set<unknown>([...keys.slice(0, message.tags.length), this.spec.refAt]);
		return Array.from({ length }, (_, i) => i).filter((i) => !taken.has(i));
	}

	/** The text of a frame. */
	write(message: MessageSpec$, body: unknown, envelope: Envelope$, keys = this.spec.sendKeys): string {
		const value = this.#to.apply(message.type, body);
		return writeExact$(Array.isArray(value) && typeof keys[0] === "number" ? this.#array(message, value, envelope, keys)
			: this.#object(message, (value ?? {}) as Record<string, unknown>, envelope, keys));
	}

	#object(message: MessageSpec$, body: Record<string, unknown>, envelope: Envelope$, keys: readonly (string | number)[]): Frame$ {
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

	#array(message: MessageSpec$, own: unknown[], envelope: Envelope$, keys: readonly (string | number)[]): Frame$ {
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
	refOf(frame: Frame$): string | number | undefined {
		const name = Array.isArray(frame) ? this.spec.refAt : this.spec.envelope.ref;
		const ref = name === undefined ? undefined : at$(frame, name);
		return typeof ref === "string" || typeof ref === "number" ? ref : undefined;
	}
}

/* ---- names and addresses ---- */

/** A parameter's value as the server writes it. Programs without types learn here what they have forgotten. */
function paramText$(name: string, value: unknown): string {
	if (value === undefined || value === null)
		throw new TypeError(`The parameter '${name}' is missing`);
	return typeof value === "string" ? value : String(value);
}

const utf8$ = (text: string): string[] => encodeURIComponent(text).match(/%[0-9A-F]{2}|[^]/g) ?? [];

/** The name of a group: all but ASCII letters and digits of its parameters is percent-encoded. */
function groupName$(parts: readonly (string | ParamSpec$)[], params: Record<string, unknown>): string {
	const plain = (unit: string) => unit.length > 1 || /[0-9A-Za-z]/.test(unit) ? unit
		: `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
	return parts.map((part) => typeof part === "string" ? part : utf8$(paramText$(part.name, params[part.name] ?? part.default)).map(plain).join("")).join("");
}

/** Path and query of a consumer's URL. */
function pathOf$(spec: ConsumerSpec$, params: Record<string, unknown>): string {
	const path = spec.path.map((part) => typeof part === "string" ? part : encodeURIComponent(paramText$(part.name, params[part.name]))).join("");
	const query = spec.query.filter((param) => params[param.name] !== undefined)
		.map((param) => `${encodeURIComponent(param.wire ?? param.name)}=${encodeURIComponent(paramText$(param.name, params[param.name]))}`);
	return path + (query.length ? `?${query.join("&")}` : "");
}

/* ---- formats ---- */

const DAYS$ = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate$(text: string): boolean {
	const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number) as [number, number, number, number];
	if (year === undefined || month < 1 || month > 12)
		return false;
	const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
	return day >= 1 && day <= DAYS$[month - 1]! + (leap ? 1 : 0);
}

/** Minutes of the day in UTC, or null where it is no time; second 60 only where UTC has 23:59. */
function utcMinutes$(text: string): number | null {
	const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([-+])(\d{2}):(\d{2}))$/.exec(text);
	if (!match)
		return null;
	const [hour, minute, second, offsetHour, offsetMinute] = [1, 2, 3, 5, 6].map((i) => Number(match[i] ?? 0)) as
		[number, number, number, number, number];
	if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59)
		return null;
	const utc = hour * 60 + minute - (match[4] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute);
	return second === 60 && (utc + 2 * 1440) % 1440 !== 1439 ? null : utc;
}

/* A leap second ends a month in UTC. */
function isDateTime$(text: string): boolean {
	const [, date, time] = /^(\d{4}-\d{2}-\d{2})[Tt](.*)$/s.exec(text) ?? [];
	if (date === undefined || time === undefined || !isDate$(date))
		return false;
	const utc = utcMinutes$(time);
	if (utc === null)
		return false;
	if (time.slice(6, 8) !== "60")
		return true;
	const day = new Date(0);
	const [year, month, number] = date.split("-").map(Number) as [number, number, number];
	day.setUTCFullYear(year, month - 1, number + Math.floor(utc / 1440) + 1);
	return day.getUTCDate() === 1;
}

const OCTET$ = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4$ = `${OCTET$}(?:\\.${OCTET$}){3}`;
const IPV4_WHOLE$ = new RegExp(`^${IPV4$}$`);
const LABEL$ = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOSTNAME$ = new RegExp(`^${LABEL$}(?:\\.${LABEL$})*$`);

function isIpv6$(text: string): boolean {
	const halves = text.split("::");
	if (halves.length > 2)
		return false;
	let groups = 0;
	for (const [i, half] of halves.entries()) {
		const parts = half === "" ? [] : half.split(":");
		for (const [j, part] of parts.entries()) {
			if (/^[0-9A-Fa-f]{1,4}$/.test(part))
				groups++;
			else if (i === halves.length - 1 && j === parts.length - 1 && IPV4_WHOLE$.test(part))
				groups += 2;
			else
				return false;
		}
	}
	return halves.length === 2 ? groups <= 7 : groups === 8;
}

function isHostname$(text: string): boolean {
	return text.length <= 253 && HOSTNAME$.test(text);
}

const ATOM$ = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL$ = new RegExp(`^(?:${ATOM$}(?:\\.${ATOM$})*|"(?:[ !#-\\[\\]-~]|\\\\[ -~])*")$`);

function isEmail$(text: string): boolean {
	const split = text.lastIndexOf("@");
	const [local, domain] = [text.slice(0, Math.max(0, split)), text.slice(split + 1)];
	if (split < 0 || text.length > 254 || local.length > 64 || !LOCAL$.test(local))
		return false;
	if (!domain.startsWith("["))
		return isHostname$(domain);
	const literal = domain.endsWith("]") ? domain.slice(1, -1) : "";
	return IPV4_WHOLE$.test(literal) || (/^IPv6:/i.test(literal) && isIpv6$(literal.slice(5)))
		|| /^[A-Za-z0-9-]*[A-Za-z0-9]:[!-Z^-~]+$/.test(literal) && !/^IPv6:/i.test(literal);
}

const ESCAPED$ = "%[0-9A-Fa-f]{2}";
const PCHAR$ = `(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|${ESCAPED$})`;
const REST$ = new RegExp(`^(?:${PCHAR$}|[/])*(?:\\?(?:${PCHAR$}|[/?])*)?(?:#(?:${PCHAR$}|[/?])*)?$`);
const USERINFO$ = new RegExp(`^(?:[A-Za-z0-9._~!$&'()*+,;=:-]|${ESCAPED$})*$`);
const REG_NAME$ = new RegExp(`^(?:[A-Za-z0-9._~!$&'()*+,;=-]|${ESCAPED$})*$`);

function isAuthority$(text: string): boolean {
	const split = text.lastIndexOf("@");
	const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text.slice(split + 1)) ?? [];
	if (split >= 0 && !USERINFO$.test(text.slice(0, split)))
		return false;
	if (port !== undefined && !/^\d*$/.test(port))
		return false;
	if (!host.startsWith("["))
		return !(host === "" && text.slice(split + 1).startsWith("[")) && REG_NAME$.test(host);
	const literal = host.endsWith("]") ? host.slice(1, -1) : "";
	return isIpv6$(literal) || /^[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+$/.test(literal);
}

/** What stands behind the scheme, or without one. */
function isHierarchy$(text: string): boolean {
	const [, authority, path] = /^\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
	return authority === undefined ? REST$.test(text) : isAuthority$(authority) && REST$.test(path ?? "");
}

function isUri$(text: string): boolean {
	const [, rest] = /^[A-Za-z][A-Za-z0-9+.-]*:(.*)$/s.exec(text) ?? [];
	return rest !== undefined && isHierarchy$(rest);
}

/* The first segment of a relative path has no colon: that would be a scheme. */
function isUriReference$(text: string): boolean {
	return isUri$(text) || (isHierarchy$(text) && !/^[^/?#]*:/.test(text));
}

/* A unit may be left out between two others; something stands behind P and behind T. */
const DURATION$ = /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;

const FORMATS$: { readonly [name: string]: (text: string) => boolean } = {
	"email": isEmail$,
	"hostname": isHostname$,
	"ipv4": (text) => IPV4_WHOLE$.test(text),
	"ipv6": isIpv6$,
	"uri": isUri$,
	"uri-reference": isUriReference$,
	"uuid": (text) => /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(text),
	"date-time": isDateTime$,
	"date": isDate$,
	"time": (text) => utcMinutes$(text) !== null,
	"duration": (text) => DURATION$.test(text),
	"json-pointer": (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text),
	"slug": (text) => /^[-a-zA-Z0-9_]+$/.test(text),
};

function hasFormat$(name: string, text: string): boolean {
	return FORMATS$[name]?.(text) ?? true;
}

/* ---- validate ---- */

const MOST_PROBLEMS$ = 16;
const DEEPEST$ = 64;

type Loc$ = readonly (string | number)[];

/* ---- exact numbers: an integer times a power of ten ---- */

interface Exact$ {
	readonly digits: bigint;
	readonly exponent: number;
}

const EXPONENT_MOST$ = 5_000;

function exactOf$(text: string): Exact$ | null {
	const [, sign = "", whole = "", part = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
	const power = Number(exponent) - part.length;
	const digits = BigInt((whole + part) || "0");
	if (whole === "")
		return null;
	/* Beyond that no bound is, so nearer will do. */
	const nearer = Math.max(-EXPONENT_MOST$, Math.min(EXPONENT_MOST$, power));
	return { digits: sign ? -digits : digits, exponent: digits === 0n ? 0 : nearer };
}

/** Both with the same exponent. */
function aligned$(a: Exact$, b: Exact$): [bigint, bigint] {
	const exponent = Math.min(a.exponent, b.exponent);
	return [a.digits * 10n ** BigInt(a.exponent - exponent), b.digits * 10n ** BigInt(b.exponent - exponent)];
}

function compare$(a: Exact$, b: Exact$): number {
	const [left, right] = aligned$(a, b);
	return left < right ? -1 : left > right ? 1 : 0;
}

function isMultiple$(a: Exact$, step: Exact$): boolean {
	const [value, by] = aligned$(a, step);
	return by !== 0n && value % by === 0n;
}

const isIntegral$ = (value: Exact$) => value.exponent >= 0 || value.digits % 10n ** BigInt(-value.exponent) === 0n;

/* The largest float of 32 bits, and half a step more: what is nearer to it than to anything beyond. */
const SINGLE_MOST$ = 3.4028234663852886e38;
const SINGLE_NEAR$ = 3.4028235677973366e38;

/** A float is rounded before anything is looked at. */
function doubleOf$(text: string, shape: Shape$ & { is: "int" | "number" | "decimal" }): number {
	const value = Number(text);
	if (!shape.single)
		return value;
	return Math.abs(value) > SINGLE_NEAR$ ? Infinity : Math.max(-SINGLE_MOST$, Math.min(SINGLE_MOST$, Math.fround(value)));
}

interface Sides$ {
	/** Where it is of the lower bound, and of the upper one: less than 0, 0, more than 0. */
	readonly low: number;
	readonly high: number;
}

function byDouble$(text: string, shape: Shape$ & { is: "int" | "number" | "decimal" }): Sides$ {
	const value = doubleOf$(text, shape);
	const side = (bound: string | undefined) => bound === undefined ? 0 : value - Number(bound);
	return { low: side(shape.min ?? shape.above), high: side(shape.max ?? shape.below) };
}

function byDigits$(exact: Exact$, shape: Shape$ & { is: "int" | "number" | "decimal" }): Sides$ {
	const side = (bound: string | undefined) => bound === undefined ? 0 : compare$(exact, exactOf$(bound)!);
	return { low: side(shape.min ?? shape.above), high: side(shape.max ?? shape.below) };
}

/* ---- a walk ---- */

class Walk$ {
	readonly problems: Problem[] = [];
	readonly #patterns = new Map<string, RegExp>();

	constructor(readonly shapes: Shapes$) {}

	say(type: string, loc: Loc$, msg: string, ctx?: { [name: string]: unknown }): void {
		if (this.problems.length < MOST_PROBLEMS$)
			this.problems.push({ type, loc: [...loc], msg, ...(ctx ? { ctx } : {}) });
	}

	use(use: Use$, value: unknown, loc: Loc$, depth: number): void {
		if (value !== null || !use.nullable)
			this.value(use.type, value, loc, depth);
	}

	value(shape: Shape$, value: unknown, loc: Loc$, depth: number): void {
		if (depth > DEEPEST$) {
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

	#number(shape: Shape$ & { is: "int" | "number" | "decimal" }, value: unknown, loc: Loc$): void {
		const text = shape.quoted ? typeof value === "string" && this.#quoted(shape.is, value) ? value : null
			: value instanceof Digits$ ? value.text : typeof value === "number" ? String(value) : null;
		const exact = text === null ? null : exactOf$(text);
		const words = shape.is === "int" ? "integer" : shape.is === "decimal" ? "decimal" : "number";
		if (exact === null || (shape.is === "int" && !isIntegral$(exact)) || (shape.is === "number" && !Number.isFinite(doubleOf$(text!, shape)))) {
			this.say(shape.is === "int" ? "int_type" : shape.is === "decimal" ? "decimal_type" : "float_type", loc,
				`Input should be a valid ${words}`);
			return;
		}
		const { min, max, above, below, step } = shape;
		const { low, high } = shape.is === "number" ? byDouble$(text!, shape) : byDigits$(exact, shape);
		if (min !== undefined && low < 0)
			this.say("greater_than_equal", loc, `Input should be greater than or equal to ${min}`, { ge: Number(min) });
		if (above !== undefined && low <= 0)
			this.say("greater_than", loc, `Input should be greater than ${above}`, { gt: Number(above) });
		if (max !== undefined && high > 0)
			this.say("less_than_equal", loc, `Input should be less than or equal to ${max}`, { le: Number(max) });
		if (below !== undefined && high >= 0)
			this.say("less_than", loc, `Input should be less than ${below}`, { lt: Number(below) });
		if (step !== undefined && !isMultiple$(exact, exactOf$(step)!))
			this.say("multiple_of", loc, `Input should be a multiple of ${step}`, { multiple_of: Number(step) });
	}

	#quoted(is: "int" | "number" | "decimal", text: string): boolean {
		return is === "int" ? /^-?(?:0|[1-9]\d*)$/.test(text) : /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text);
	}

	/* ---- strings ---- */

	#string(shape: Shape$ & { is: "string" }, value: unknown, loc: Loc$): void {
		if (typeof value !== "string") {
			this.say("string_type", loc, "Input should be a valid string");
			return;
		}
		const text = prepared$(shape, value);
		const length = shape.len ? [...text].length : 0;
		this.#range(shape.len, length, loc, "string_too_short", "string_too_long",
			(least) => `String should have at least ${least} characters`, (most) => `String should have at most ${most} characters`, "length");
		this.#range(shape.bytes, shape.bytes ? utf8Length$(text) : 0, loc, "string_too_short", "string_too_long",
			(least) => `String should have at least ${least} bytes`, (most) => `String should have at most ${most} bytes`, "length");
		if (shape.notBlank && !/\S/u.test(text))
			this.say("value_error", loc, "Value error, should not be blank");
		if (shape.format !== undefined && !hasFormat$(shape.format, text))
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

	#range(range: Range$ | undefined, size: number, loc: Loc$, short: string, long: string, least: (n: number) => string,
		most: (n: number) => string, word: string): void {
		const [min, max] = range ?? [null, null];
		if (min !== null && size < min)
			this.say(short, loc, least(min), { [`min_${word}`]: min });
		if (max !== null && size > max)
			this.say(long, loc, most(max), { [`max_${word}`]: max });
	}

	#bytes(range: Range$ | undefined, value: unknown, loc: Loc$): void {
		const whole = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
		if (typeof value !== "string" || !whole.test(value)) {
			this.say("bytes_type", loc, "Input should be valid base64");
			return;
		}
		const size = value.length / 4 * 3 - (value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0);
		this.#range(range, size, loc, "bytes_too_short", "bytes_too_long", (least) => `Data should have at least ${least} bytes`,
			(most) => `Data should have at most ${most} bytes`, "length");
	}

	#enum(shape: Shape$ & { is: "enum" }, value: unknown, loc: Loc$): void {
		const exact = value instanceof Digits$ ? exactOf$(value.text) : null;
		const plain = exact && isIntegral$(exact) ? Number((value as Digits$).text) : value;
		if (fits$(shape, plain, true) && (shape.open !== "int" || inInt64$(plain, exact)))
			return;
		const expected = shape.values.map((each) => typeof each === "string" ? `'${each}'` : String(each)).join(", ");
		this.say(shape.values.length === 1 ? "literal_error" : "enum", loc, `Input should be ${expected}`, { expected });
	}

	/* ---- objects ---- */

	/** tags: members of the unions around it. */
	#record(shape: Shape$ & { is: "record" }, value: unknown, loc: Loc$, depth: number, tags: readonly string[]): void {
		if (!isObject$(value)) {
			this.say("model_type", loc, "Input should be a valid object");
			return;
		}
		const known = new Set(tags);
		for (const [name, member] of Object.entries(shape.members)) {
			known.add(name);
			if (member.beside !== undefined) {
				known.add(member.beside);
				this.#beside(name, member, value, loc, depth);
			} else if (has$(value, name)) {
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

	#beside(name: string, member: Member$, value: Record<string, unknown>, loc: Loc$, depth: number): void {
		const by = member.beside!;
		const union = this.#named(member.type);
		const [hasTag, hasValue] = [has$(value, by), has$(value, name)];
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

	#named(shape: Shape$): Shape$ {
		return shape.is === "ref" ? this.#named(this.shapes[shape.to] ?? { is: "json" }) : shape;
	}

	/** The type of the arm with that tag; undefined where there is none, and that has been said. */
	#armOf(union: Shape$ & { is: "union" }, tag: unknown, loc: Loc$): Shape$ | undefined {
		const exact = tag instanceof Digits$ ? exactOf$(tag.text) : null;
		const plain = exact && isIntegral$(exact) ? Number((tag as Digits$).text) : tag;
		const arm = union.arms.find((each) => each.tag === plain);
		if (arm)
			return arm.type;
		const kind = typeof (union.arms[0]?.tag ?? "");
		if (union.other && typeof plain === kind && (kind !== "number" || inInt64$(plain, exact)))
			return { is: "json" };
		const expected = union.arms.map((each) => typeof each.tag === "string" ? `'${each.tag}'` : String(each.tag)).join(", ");
		this.say("union_tag_invalid", loc, `Input tag does not match any of the expected tags: ${expected}`, { expected_tags: expected });
		return undefined;
	}

	#union(shape: Shape$ & { is: "union" }, value: unknown, loc: Loc$, depth: number, tags: readonly string[]): void {
		if (!isObject$(value)) {
			this.say("model_type", loc, "Input should be a valid object");
			return;
		}
		if (!has$(value, shape.by)) {
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

	#map(shape: Shape$ & { is: "map" }, value: unknown, loc: Loc$, depth: number): void {
		if (!isObject$(value)) {
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

	#count(range: Range$ | undefined, count: number, loc: Loc$): void {
		this.#range(range, count, loc, "too_short", "too_long", (least) => `There should be at least ${least} items`,
			(most) => `There should be at most ${most} items`, "length");
	}

	#list(shape: Shape$ & { is: "list" }, value: unknown, loc: Loc$, depth: number): void {
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
	#canonical(value: unknown, shape: Shape$ | undefined): string {
		const named = shape && this.#named(shape);
		if (value instanceof Digits$ || typeof value === "number")
			return canonicalNumber$(value instanceof Digits$ ? value.text : String(value), named);
		if (Array.isArray(value))
			return `[${value.map((each, i) => this.#canonical(each, named?.is === "list" ? named.of.type
				: named?.is === "tuple" ? named.of[i]?.type : undefined)).join()}]`;
		if (!isObject$(value))
			return JSON.stringify(value);
		return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${this.#canonical(value[name], named?.is === "map"
			? named.of.type : named?.is === "record" && has$(named.members, name) ? named.members[name]!.type : undefined)}`).join()}}`;
	}

	#tuple(elements: readonly Member$[], value: unknown, loc: Loc$, depth: number): void {
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

	#choice(arms: readonly Shape$[], value: unknown, loc: Loc$, depth: number): void {
		const arm = arms.find((each) => fits$(this.#kindOf(each, value), value, true));
		if (arm)
			this.value(arm, value, loc, depth);
		else
			this.say("union_type", loc, "Input should be one of the types that are allowed here");
	}

	/* Arms are told apart by their JSON kind, not by their values: a wrong literal is wrong as what it is. */
	#kindOf(shape: Shape$, value: unknown): Shape$ {
		const named = this.#named(shape);
		if (named.is !== "enum" || value instanceof Digits$)
			return named;
		return named.values.some((each) => typeof each === typeof value) ? { is: "json" } : named;
	}
}

function inInt64$(value: Literal$ | unknown, exact: Exact$ | null): boolean {
	if (typeof value !== "number" || !Number.isInteger(value))
		return false;
	const integer = exact ? exact.digits * 10n ** BigInt(Math.max(0, exact.exponent)) : BigInt(value);
	return integer >= -(2n ** 63n) && integer < 2n ** 63n;
}

/** As it is after trim, lower and upper. */
function prepared$(shape: Shape$ & { is: "string" }, text: string): string {
	const cut = shape.trim ? text.trim() : text;
	return shape.letters === undefined ? cut : Array.from(cut, (character) => simple$(character, shape.letters!)).join("");
}

/* Unicode's simple mappings, of one character to one: ß stays, and İ is i. */
function simple$(character: string, letters: "lower" | "upper"): string {
	if (letters === "lower")
		return [...character.toLowerCase()][0]!;
	const upper = character.toUpperCase();
	return [...upper].length === 1 ? upper : character;
}

function utf8Length$(text: string): number {
	let length = 0;
	for (const character of text) {
		const point = character.codePointAt(0)!;
		length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	}
	return length;
}

function canonicalNumber$(text: string, shape: Shape$ | undefined): string {
	if (shape?.is === "number")
		return String(doubleOf$(text, shape) + 0);
	let { digits, exponent } = exactOf$(text) ?? { digits: 0n, exponent: 0 };
	while (digits !== 0n && digits % 10n === 0n) {
		digits /= 10n;
		exponent++;
	}
	return `${digits}e${digits === 0n ? 0 : exponent}`;
}

/** How a contract's frames are made: as much of a consumer's table as a check needs. */
interface FrameSpec$ {
	readonly keys: readonly (string | number)[];
	readonly envelope: EnvelopeSpec$;
	readonly refAt?: number;
	readonly refIsInt?: true;
}

/**
 * Checks every message that arrives, as the server checks what it receives: hand it to a client as its `validator`. What it does not
 * know are `require` and `check`.
 */
export function validator(spec: FrameSpec$, shapes: Shapes$, message: MessageSpec$, frame: Frame$): Problem[] {
	const walk = new Walk$(shapes);
	const isArray = shapeOf$(message.type, shapes).is === "tuple";
	const keys = (message.keys ?? spec.keys).slice(0, message.tags.length);
	if (isArray !== Array.isArray(frame)) {
		walk.say("model_type", [], `Input should be a valid ${isArray ? "array" : "object"}`);
		return walk.problems;
	}
	message.tags.forEach((tag, i) => {
		const came = at$(frame, keys[i]!);
		if ((came instanceof Digits$ ? Number(came.text) : came) !== tag)
			walk.say("literal_error", [keys[i]!], `Input should be ${JSON.stringify(tag)}`, { expected: tag });
	});
	if (Array.isArray(frame)) {
		const taken = new Set<unknown>([...keys, spec.refAt]);
		const ref = spec.refAt === undefined ? null : at$(frame, spec.refAt);
		if (ref !== null)
			envelopeMember$(walk, spec, "ref", String(spec.refAt), ref);
		walk.value(message.type, frame.filter((_, i) => !taken.has(i)), [], 1);
		return walk.problems;
	}
	const own = { ...frame };
	for (const name of keys)
		delete own[String(name)];
	for (const [member, name] of Object.entries(spec.envelope) as [keyof EnvelopeSpec$, string][]) {
		if (has$(frame, name))
			envelopeMember$(walk, spec, member, name, frame[name]);
		delete own[name];
	}
	walk.value(message.type, own, [], 1);
	return walk.problems;
}

function shapeOf$(shape: Shape$, shapes: Shapes$): Shape$ {
	return shape.is === "ref" ? shapeOf$(shapes[shape.to] ?? { is: "json" }, shapes) : shape;
}

const TEXTS$ = new Set<keyof EnvelopeSpec$>(["topic", "message_id", "epoch"]);
const FLAGS$ = new Set<keyof EnvelopeSpec$>(["is_mine", "is_current"]);

/** An integer of any size. */
function isInteger$(value: unknown): boolean {
	const exact = value instanceof Digits$ ? exactOf$(value.text) : typeof value === "number" ? exactOf$(String(value)) : null;
	return exact !== null && isIntegral$(exact);
}

function envelopeMember$(walk: Walk$, spec: FrameSpec$, member: keyof EnvelopeSpec$, name: string, value: unknown): void {
	const isText = TEXTS$.has(member) || (member === "ref" && !spec.refIsInt);
	if (FLAGS$.has(member) ? typeof value === "boolean" : isText ? typeof value === "string" : isInteger$(value))
		return;
	const [type, what] = FLAGS$.has(member) ? ["bool_type", "boolean"] : isText ? ["string_type", "string"] : ["int_type", "integer"];
	walk.say(type!, [name], `Input should be a valid ${what}`);
}

/** What is wrong with a value of a named type, or with a whole frame, as it travels. */
function problemsOf$(spec: FrameSpec$, shapes: Shapes$, messages: { readonly [name: string]: MessageSpec$ }, name: string,
	value: unknown): Problem[] {
	const message = has$(messages, name) ? messages[name] : undefined;
	const walk = new Walk$(shapes);
	if (message && value !== null && typeof value === "object" && !(value instanceof Digits$))
		return validator(spec, shapes, message, value as Frame$);
	if (message)
		walk.say("model_type", [], "Input should be a valid object");
	else
		walk.value({ is: "ref", to: name }, value, [], 1);
	return walk.problems;
}
