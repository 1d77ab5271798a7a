/* SPDX-License-Identifier: MIT */
/*
 * contract.ts - what the running server says of itself: its description and the AsyncAPI documents of its contracts, read into endpoints,
 * topics and messages. Knows nothing of elements and sockets.
 */
import { parseExact } from "../typescript/json.js";
import { flat, isRecord, schemaOf, type Schema, type Schemas } from "./schema.js";

export interface Server {
	port: number;
	program: string;
	tls: boolean;
	public_url: string;
	session_cookie: string;
	token_cookie: string;
	ticket_lifetime: number;
	contracts: string[];
	consumers: { contract: string; name: string }[];
}

export interface Parameter {
	name: string;
	schema: Schema;
	required: boolean;
}

/** What travels, in one direction of one channel. */
export interface Message {
	name: string;
	/** What it is called on the wire. */
	label: string;
	description: string;
	deprecated: string;
	standard: boolean;
	authenticates: boolean;
	schema: Schema;
	examples: unknown[];
	/** Where constants stand in a frame, and which: what tells messages apart. */
	tags: [string, unknown][];
	/** Labels of what may answer it. */
	answers: string[];
	/** Answers to this question of the server. */
	verb: string;
}

export interface Channel {
	name: string;
	description: string;
	/** What this client sends. */
	sends: Message[];
	hears: Message[];
	/** Questions of the server by name, with the names of their answers. */
	asks: Map<string, string[]>;
	limits: string[];
}

export interface TopicKind extends Channel {
	address: string;
	parameters: Parameter[];
	keeps: boolean;
	presence: boolean;
}

export interface Endpoint extends Channel {
	contract: Contract;
	address: string;
	path: Parameter[];
	query: Parameter[];
	auth: string[];
	recovers: boolean;
	subprotocols: string[];
	topics: TopicKind[];
}

export interface EnvelopeNames {
	/** Member, or index of an array frame; null: there is none. */
	ref: string | number | null;
	refIsNumber: boolean;
	topic: string;
	messageId: string | null;
	seq: string;
	epoch: string;
}

export interface Contract {
	name: string;
	title: string;
	version: string;
	description: string;
	schemas: Schemas;
	envelope: EnvelopeNames;
	/** Names that stand beside a message's own. */
	members: Set<string>;
	endpoints: Endpoint[];
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const last = (ref: unknown): string => (text(schemaOf(ref).$ref).split("/").pop() ?? "").replace(/~1/g, "/").replace(/~0/g, "~");

function tagsOf(schema: Schema, schemas: Schemas): [string, unknown][] {
	const view = flat(schema, schemas);
	const places = Array.isArray(view.items) ? Object.entries(view.items) : Object.entries(schemaOf(view.properties));
	return places.map(([name, part]): [string, unknown] => [name, flat(schemaOf(part), schemas).const]).filter(([, value]) => value !== undefined);
}

function readMessage(name: string, from: Schema, schemas: Schemas): Message {
	const schema = schemaOf(from.payload);
	const tags = tagsOf(schema, schemas);
	return {
		name, schema, tags, answers: [], verb: "",
		label: tags.map(([, value]) => String(value)).join(" · ") || text(from.title) || name,
		description: text(from.description),
		deprecated: text(from["x-deprecated"]),
		standard: list(from.tags).some((tag) => schemaOf(tag).name === "standard"),
		authenticates: from["x-authenticates"] === true,
		examples: list(from.examples).map((each) => schemaOf(each).payload),
	};
}

function readEnvelope(document: Schema, components: Schema): EnvelopeNames {
	const members = schemaOf(schemaOf(schemaOf(components.schemas)["envelope-members"]).properties);
	const renamed = schemaOf(document["x-envelope"]);
	const location = text(schemaOf(schemaOf(components.correlationIds).ref).location).split("#/")[1];
	const name = (member: string) => text(renamed[member]) || member;
	const ref = location === undefined ? null : /^\d+$/.test(location) ? Number(location) : location;
	return {
		ref, refIsNumber: typeof ref === "string" && schemaOf(members[ref]).type === "integer",
		topic: name("topic"), seq: name("seq"), epoch: name("epoch"),
		messageId: name("message_id") in members ? name("message_id") : null,
	};
}

function limitWords(limit: Schema): string {
	if (limit.frameBytes !== undefined)
		return `frames of ${limit.frameBytes} bytes at most`;
	const burst = limit.burst && limit.burst !== limit.count ? `, ${limit.burst} at once` : "";
	return `${text(limit.message) || "all frames"}: ${limit.count} per ${Number(limit.periodMs) / 1000} s${burst}`;
}

class Reader {
	readonly contract: Contract;
	readonly #messages: Record<string, Schema>;
	readonly #channels: Record<string, Schema>;
	readonly #operations: [string, Schema][];

	constructor(name: string, document: Schema) {
		const components = schemaOf(document.components);
		const info = schemaOf(document.info);
		const schemas = schemaOf(components.schemas) as Schemas;
		this.#messages = schemaOf(components.messages) as Record<string, Schema>;
		this.#channels = schemaOf(document.channels) as Record<string, Schema>;
		this.#operations = Object.entries(schemaOf(document.operations)).map(([key, value]) => [key, schemaOf(value)]);
		this.contract = {
			name, schemas, title: text(info.title) || name, version: text(info.version), description: text(info.description),
			envelope: readEnvelope(document, components),
			members: new Set(Object.keys(schemaOf(schemaOf(schemas["envelope-members"]).properties))),
			endpoints: [],
		};
		this.contract.endpoints = Object.keys(this.#channels).filter((key) => !this.#channels[key]?.["x-topic"]).map((key) => this.#endpoint(key));
	}

	/** The key in components.messages that a reference into a channel means. */
	#message(channel: Schema, reference: unknown): Message | null {
		const name = last(schemaOf(channel.messages)[last(reference)]);
		const from = this.#messages[name];
		return from ? readMessage(name, from, this.contract.schemas) : null;
	}

	#channel(key: string): Channel {
		const channel = schemaOf(this.#channels[key]);
		const result: Channel = {
			name: text(channel.title) || key, description: text(channel.description), sends: [], hears: [], asks: new Map(),
			limits: list(channel["x-limits"]).map((limit) => limitWords(schemaOf(limit))),
		};
		const add = (to: Message[], reference: unknown, verb: string, answers: string[] = []) => {
			const message = this.#message(channel, reference);
			const there = message && to.find(({ name }) => name === message.name);
			if (there)
				there.answers.push(...answers);
			else if (message)
				to.push({ ...message, verb, answers });
		};
		for (const [id, operation] of this.#operations) {
			if (last(operation.channel) !== key.replace(/~/g, "~") && last(operation.channel) !== key)
				continue;
			const verb = id.slice(key.length + 1).split("-")[0] ?? "";
			const answers = list(schemaOf(operation.reply).messages);
			const names = answers.map(last);
			for (const message of list(operation.messages)) {
				if (operation.action === "receive") {
					add(result.sends, message, verb, names);
					answers.forEach((answer) => add(result.hears, answer, "reply"));
				} else {
					add(result.hears, message, verb);
					if (names.length)
						result.asks.set(last(message), names);
					answers.forEach((answer) => add(result.sends, answer, "answer"));
				}
			}
		}
		return result;
	}

	#parameters(from: unknown, required: (name: string) => boolean, of: (part: Schema) => Schema): Parameter[] {
		return Object.entries(schemaOf(from)).map(([name, part]) => ({ name, schema: of(schemaOf(part)), required: required(name) }));
	}

	#topic(key: string): TopicKind {
		const said = schemaOf(schemaOf(this.#channels[key])["x-topic"]);
		return {
			...this.#channel(key), address: text(said.address), keeps: list(said.history).length > 0, presence: said.presence !== undefined,
			parameters: this.#parameters(said.parameters, () => true, (part) => part),
		};
	}

	#endpoint(key: string): Endpoint {
		const channel = schemaOf(this.#channels[key]);
		const ws = schemaOf(schemaOf(channel.bindings).ws);
		const query = schemaOf(ws.query);
		const required = new Set(list(query.required));
		const all = this.#parameters(query.properties, (name) => required.has(name), (part) => part);
		const recovers = all.some(({ name, schema }) => name === "epoch" && text(schema.description).startsWith("Beside seq"));
		const protocols = schemaOf(schemaOf(schemaOf(ws.headers).properties)["Sec-WebSocket-Protocol"]).enum;
		return {
			...this.#channel(key), contract: this.contract, address: text(channel.address), recovers,
			path: this.#parameters(channel.parameters, () => true, (part) => schemaOf(part["x-schema"] ?? { type: "string" })),
			query: recovers ? all.filter(({ name }) => name !== "epoch" && name !== "seq") : all,
			auth: list(channel["x-auth"]).map(String),
			subprotocols: list(protocols).map(String),
			topics: Object.keys(this.#channels).filter((each) => each.startsWith(`${key}.`)).map((each) => this.#topic(each)),
		};
	}
}

export function readContract(name: string, document: unknown): Contract {
	return new Reader(name, schemaOf(document)).contract;
}

async function get(path: string): Promise<unknown> {
	const response = await fetch(path);
	if (!response.ok)
		throw new Error(`${path}: ${response.status}`);
	return parseExact(await response.text());
}

export async function discover(): Promise<{ server: Server; contracts: Contract[] }> {
	const server = await get("/playground/server.json") as Server;
	const contracts = await Promise.all(server.contracts.map(async (name) =>
		readContract(name, await get(`/playground/asyncapi/${encodeURIComponent(name)}.json`))));
	return { server, contracts };
}

/** Which of these messages a frame is: of those whose constants are all there, the one with the most. */
export function recognise(messages: readonly Message[], frame: unknown): Message | undefined {
	if (!isRecord(frame) && !Array.isArray(frame))
		return undefined;
	const members = frame as Record<string, unknown>;
	return messages.filter(({ tags }) => tags.length > 0 && tags.every(([place, value]) => members[place] === value))
		.sort((a, b) => b.tags.length - a.tags.length)[0];
}
