/* SPDX-License-Identifier: MIT */
/*
 * session.ts - one connection and what can be told of it from its frames: which answer belongs to which frame, topics, who is present,
 * positions, what was recovered. Knows the contract, and nothing of elements.
 */
import { parseExact, writeExact } from "../typescript/json.js";
import { type Endpoint, type Message, recognise, type TopicKind } from "./contract.js";
import { isRecord } from "./schema.js";

export interface Entry {
	number: number;
	/** note: what is no frame, such as the connection's end. */
	direction: "out" | "in" | "note";
	at: Date;
	text: string;
	bytes: number;
	frame?: unknown;
	message?: Message | undefined;
	label: string;
	topic?: string | undefined;
	ref?: string | undefined;
	position?: { seq: string; epoch: string } | undefined;
	recovered?: boolean;
	mine?: boolean;
	/** Of what was sent: what has come for it, and after how many ms. */
	answers?: { label: string; after: number; bad: boolean }[];
	answered?: Entry;
	after?: number;
	/** error, good, warn: how a note or a frame is coloured. */
	tone?: "bad" | "good" | "warn" | undefined;
	/** Of a question: the names of its answers. */
	asks?: string[] | undefined;
	channelTopic?: TopicKind | undefined;
}

export interface TopicState {
	name: string;
	state: "subscribing" | "subscribed" | "leaving" | "refused";
	why: string;
	frames: number;
}

export interface Roster {
	group: string;
	count: number;
	users: Map<string, { connections: number; info: unknown }>;
}

export interface Position {
	epoch: string;
	seq: string;
}

export type State = "idle" | "connecting" | "open" | "live" | "closing" | "closed";

export interface Plan {
	endpoint: Endpoint;
	url: string;
	/** For people: without secrets. */
	shown: string;
	first: unknown[];
	recovers: boolean;
}

export interface Watcher {
	state(): void;
	entry(entry: Entry): void;
	/** Something of an entry that was shown has changed. */
	changed(entry: Entry): void;
	/** Topics, presence or positions. */
	side(): void;
}

const encoder = new TextEncoder();

export class Session {
	state: State = "idle";
	plan: Plan | null = null;
	closed: { code: number; reason: string; clean: boolean } | null = null;
	readonly topics = new Map<string, TopicState>();
	readonly rosters = new Map<string, Roster>();
	/** By topic; "" is the connection's own stream. */
	readonly positions = new Map<string, Position>();
	#socket: WebSocket | null = null;
	#number = 0;
	#refs = 0;
	readonly #waiting = new Map<string, Entry>();
	readonly #recovering = new Set<string>();

	constructor(readonly watcher: Watcher) {}

	get endpoint(): Endpoint | null {
		return this.plan?.endpoint ?? null;
	}

	connect(plan: Plan): void {
		this.close();
		this.plan = plan;
		this.closed = null;
		this.topics.clear();
		this.rosters.clear();
		this.#waiting.clear();
		this.#recovering.clear();
		if (plan.recovers)
			this.#recovering.add("");
		else
			this.positions.clear();
		this.#note(`Connecting to ${plan.shown}`);
		let socket: WebSocket;
		try {
			socket = plan.endpoint.subprotocols.length ? new WebSocket(plan.url, plan.endpoint.subprotocols) : new WebSocket(plan.url);
		} catch (error) {
			this.#note(error instanceof Error ? error.message : String(error), "bad");
			this.#become("closed");
			return;
		}
		this.#socket = socket;
		socket.binaryType = "arraybuffer";
		socket.onopen = () => this.#opened(socket);
		socket.onmessage = ({ data }) => socket === this.#socket && this.#received(data);
		socket.onclose = ({ code, reason, wasClean }) => socket === this.#socket && this.#ended(code, reason, wasClean);
		this.#become("connecting");
	}

	close(): void {
		if (this.state !== "connecting" && this.state !== "open" && this.state !== "live")
			return;
		this.#become("closing");
		this.#socket?.close(1000);
	}

	#opened(socket: WebSocket): void {
		if (socket !== this.#socket)
			return;
		this.#note(socket.protocol ? `Open, speaking ${socket.protocol}` : "Open", "good");
		/* Without standard messages nobody says that we are in. */
		const tells = this.endpoint?.hears.some(({ name }) => name === "authentication");
		this.#become(tells ? "open" : "live");
		this.plan?.first.forEach((frame) => this.send(writeExact(frame)));
	}

	#ended(code: number, reason: string, clean: boolean): void {
		this.closed = { code, reason, clean };
		for (const topic of this.topics.values())
			if (topic.state !== "refused")
				topic.state = "leaving";
		this.topics.clear();
		this.rosters.clear();
		this.#become("closed");
		this.#note(`Closed with ${code}${reason ? `: ${reason}` : ""}`, code === 1000 || code === 1001 ? undefined : "bad", String(code));
		this.watcher.side();
	}

	#become(state: State): void {
		this.state = state;
		this.watcher.state();
	}

	#note(text: string, tone?: Entry["tone"], label = ""): void {
		const entry: Entry = { number: ++this.#number, direction: "note", at: new Date(), text, bytes: 0, label, tone };
		this.watcher.entry(entry);
	}

	/* ---- sending */

	nextRef(): string | number {
		this.#refs++;
		return this.endpoint?.contract.envelope.refIsNumber ? this.#refs : `p${this.#refs}`;
	}

	get canSend(): boolean {
		return this.#socket !== null && (this.state === "open" || this.state === "live");
	}

	/** Any text, a frame or not. */
	send(text: string): Entry | null {
		if (!this.canSend || !this.#socket)
			return null;
		const entry = this.#entry("out", text);
		this.#socket.send(text);
		if (entry.ref !== undefined && !this.#isAnswer(entry)) {
			entry.answers = [];
			this.#waiting.set(entry.ref, entry);
		}
		this.#noteSubscription(entry);
		this.watcher.entry(entry);
		return entry;
	}

	#isAnswer(entry: Entry): boolean {
		return entry.message?.verb === "answer";
	}

	#noteSubscription(entry: Entry): void {
		const { topic, message } = entry;
		if (!topic || !message?.standard)
			return;
		const there = this.topics.get(topic);
		if (message.name === "subscribe" && isRecord(entry.frame)) {
			this.topics.set(topic, { name: topic, state: there?.state === "subscribed" ? "subscribed" : "subscribing", why: "", frames: there?.frames ?? 0 });
			const payload = entry.frame.payload;
			if (isRecord(payload) && payload.epoch)
				this.#recovering.add(topic);
		} else if (message.name === "unsubscribe" && there) {
			there.state = "leaving";
		}
		this.watcher.side();
	}

	/* ---- frames of both directions */

	#entry(direction: "in" | "out", text: string): Entry {
		const entry: Entry = { number: ++this.#number, direction, at: new Date(), text, bytes: encoder.encode(text).length, label: "not JSON" };
		try {
			entry.frame = parseExact(text);
		} catch {
			entry.tone = "bad";
			return entry;
		}
		entry.label = "unknown";
		const { endpoint } = this;
		if (!endpoint)
			return entry;
		const names = endpoint.contract.envelope;
		const members = (isRecord(entry.frame) || Array.isArray(entry.frame) ? entry.frame : {}) as Record<string, unknown>;
		const text_ = (value: unknown) => (value === undefined || value === null || typeof value === "object" ? undefined : String(value));
		entry.topic = text_(members[names.topic]);
		entry.ref = names.ref === null ? undefined : text_(members[names.ref]);
		const seq = text_(members[names.seq]), epoch = text_(members[names.epoch]);
		if (seq !== undefined && epoch !== undefined && direction === "in")
			entry.position = { seq, epoch };
		entry.mine = members.is_mine === true;
		this.#recognise(entry, endpoint, direction);
		return entry;
	}

	#recognise(entry: Entry, endpoint: Endpoint, direction: "in" | "out"): void {
		const kind = entry.topic === undefined ? undefined : endpoint.topics.find(({ address }) => fitsAddress(address, entry.topic ?? ""));
		const of = (channel: { sends: Message[]; hears: Message[] }) => (direction === "in" ? channel.hears : channel.sends);
		entry.channelTopic = kind;
		entry.message = (kind && recognise(of(kind), entry.frame)) ?? recognise(of(endpoint), entry.frame);
		/* A topic's standard messages come without being listed for each; what they are is the connection's. */
		if (!entry.message)
			for (const topic of endpoint.topics)
				entry.message ??= recognise(of(topic), entry.frame);
		if (entry.message) {
			entry.label = entry.message.label;
			entry.asks = direction === "in" ? (kind ?? endpoint).asks.get(entry.message.name) : undefined;
			if (entry.message.name === "error" && entry.message.standard)
				entry.tone = "bad";
		} else if (isRecord(entry.frame)) {
			const action = Object.entries(entry.frame).find(([name]) => name === "action" || name === "type");
			entry.label = action ? `${String(action[1])} (not in the contract)` : "unknown";
			entry.tone = "warn";
		}
	}

	#received(data: unknown): void {
		if (typeof data !== "string") {
			const size = data instanceof ArrayBuffer ? data.byteLength : 0;
			this.#note(`A binary frame of ${size} bytes`, "warn");
			return;
		}
		const entry = this.#entry("in", data);
		this.#answers(entry);
		this.#follows(entry);
		this.#standard(entry);
		this.watcher.entry(entry);
	}

	#answers(entry: Entry): void {
		const asked = entry.ref === undefined || entry.asks ? undefined : this.#waiting.get(entry.ref);
		if (!asked)
			return;
		entry.answered = asked;
		entry.after = entry.at.getTime() - asked.at.getTime();
		asked.answers?.push({ label: entry.label, after: entry.after, bad: entry.message?.name === "error" });
		this.watcher.changed(asked);
	}

	#follows(entry: Entry): void {
		const { topic, position } = entry;
		const state = topic === undefined ? undefined : this.topics.get(topic);
		if (state && !entry.message?.standard)
			state.frames++;
		if (position) {
			const scope = topic ?? "";
			entry.recovered = this.#recovering.has(scope);
			this.positions.set(scope, position);
		}
		if (state || position)
			this.watcher.side();
	}

	#standard(entry: Entry): void {
		if (!entry.message?.standard || !isRecord(entry.frame))
			return;
		const payload = isRecord(entry.frame.payload) ? entry.frame.payload : {};
		switch (entry.message.name) {
		case "authentication":
			entry.tone = payload.status_code === 200 ? "good" : "bad";
			if (payload.status_code === 200)
				this.#become("live");
			break;
		case "subscribed": this.#subscribed(entry, payload); break;
		case "unsubscribed": this.topics.delete(entry.topic ?? ""); break;
		case "recovered": this.#recovered(entry, payload); break;
		case "presence_state": case "presence_diff": this.#presence(payload, entry.message.name === "presence_state"); break;
		case "error": this.#refused(entry, payload); break;
		case "draining": entry.tone = "warn"; break;
		}
		this.watcher.side();
	}

	#subscribed(entry: Entry, payload: Record<string, unknown>): void {
		const name = entry.topic ?? "";
		entry.tone = "good";
		this.topics.set(name, { name, state: "subscribed", why: "", frames: this.topics.get(name)?.frames ?? 0 });
		if (payload.recovered === false) {
			entry.tone = "warn";
			this.#recovering.delete(name);
		}
		if (payload.epoch !== undefined && payload.seq !== undefined && payload.recovered !== true)
			this.positions.set(name, { epoch: String(payload.epoch), seq: String(payload.seq) });
	}

	#recovered(entry: Entry, payload: Record<string, unknown>): void {
		const scope = entry.topic ?? "";
		this.#recovering.delete(scope);
		entry.tone = payload.recovered === false ? "warn" : "good";
		if (payload.epoch !== undefined && payload.seq !== undefined)
			this.positions.set(scope, { epoch: String(payload.epoch), seq: String(payload.seq) });
	}

	#presence(payload: Record<string, unknown>, whole: boolean): void {
		const group = String(payload.group ?? "");
		const roster: Roster = whole ? { group, count: 0, users: new Map() } : this.rosters.get(group) ?? { group, count: 0, users: new Map() };
		const users = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : []);
		for (const user of [...users(payload.users), ...users(payload.joins)])
			roster.users.set(String(user.id), { connections: Number(user.connections ?? 1), info: user.info });
		for (const left of Array.isArray(payload.leaves) ? payload.leaves : [])
			roster.users.delete(String(isRecord(left) ? left.id : left));
		roster.count = Number(payload.count ?? roster.users.size);
		this.rosters.set(group, roster);
	}

	#refused(entry: Entry, payload: Record<string, unknown>): void {
		const topic = entry.topic === undefined ? undefined : this.topics.get(entry.topic);
		if (topic && topic.state === "subscribing") {
			topic.state = "refused";
			topic.why = [payload.reason, payload.detail].filter(Boolean).map(String).join(": ");
		}
	}
}

/** "discussion:{id}" and "discussion:42". */
export function fitsAddress(address: string, name: string): boolean {
	const pattern = address.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+");
	return new RegExp(`^${pattern}$`, "su").test(name);
}
