/* SPDX-License-Identifier: MIT */
/*
 * client.ts - the client of one consumer: a connection that keeps itself alive, credentials, recovery, topics. What is generated for a
 * consumer is a class that hands its tables to this one.
 */
import { Channel, type ChannelHost, type Protocol, type Validator } from "./channel.js";
import { Connection, type ConnectionOptions, type ClientState } from "./connection.js";
import { RequestError } from "./errors.js";
import { after, cancel, host, Listeners, type Timer } from "./host.js";
import { Refs, type QueueOptions } from "./outbox.js";
import { type StreamPosition } from "./positions.js";
import { type Roster, Rosters } from "./presence.js";
import { base64Of, type Shapes } from "./shapes.js";
import { Topic, type TopicHost } from "./topic.js";
import { at, type ConsumerSpec, type Frame, groupName, type ParamSpec, pathOf, Wire } from "./wire.js";

/** A token, and until when it is good (as Date.now()); that of a JWT is read from it. */
export type Token = string | { token: string; expiresAt?: number };

/** Who the client is. A session's cookie needs nothing of this: browsers send it. */
export type ClientCredentials<P extends Protocol> =
	/** A ticket, fetched for each connection; in the URL, or as the first frame. */
	| { ticket: () => Promise<string> | string; in?: "url" | "frame" }
	/** A token, fetched for each connection and before it expires; as the first frame, so that it is in no log. */
	| { token: () => Promise<Token> | Token }
	/** Name and password, in a header: for programs, since browsers cannot. */
	| { name: string; password: string }
	/** A message of the contract as the first frame; made of what the server says first, where it does. */
	| { [K in P["first"] & keyof P["send"]]: { message: K; body: (greeting: P["greeting"]) => Promise<P["send"][K]> | P["send"][K] } }[P["first"] & keyof P["send"]];

export interface Options<P extends Protocol> extends ConnectionOptions {
	auth?: ClientCredentials<P>;
	/** How long a request waits for its answer, in ms. 15 000. */
	timeout?: number;
	/** What is kept while there is no connection; false: nothing. */
	queue?: QueueOptions | false;
	/** Checks what arrives; the generated `validator`. What it refuses is told to onProblem and to nobody else. */
	validator?: Validator;
	/** Where a client of the same address stood: what came since is asked for. */
	positions?: readonly StreamPosition[];
}

/** The parameters must be given where there are any. */
export type ClientOptions<P extends Protocol> =
	Options<P> & (Record<never, never> extends P["params"] ? { params?: P["params"] } : { params: P["params"] });

type Topics<T> = { readonly [K in keyof T]: T[K] extends Protocol ? (params: T[K]["params"]) => Topic<T[K]> : never };
type PresenceOf<R> = {
	readonly [K in keyof R]: R[K] extends { params: infer Params; info: infer Info } ? (params: Params) => Roster<Info> : never;
};

const FIRST_REFRESH_LEAST = 1_000;

export class Client<P extends Protocol = Protocol> extends Channel<P> {
	/** Handles of topics, by their parameters; the same parameters give the same handle. */
	readonly topics: Topics<P["topics"]>;
	/** Rosters of the groups that this connection is in, by the groups' parameters. */
	readonly presence: PresenceOf<P["presence"]>;
	/** Rosters by the groups' names on the wire. */
	readonly rosters: Rosters;

	readonly #options: Options<P>;
	readonly #path: string;
	readonly #connection: Connection;
	readonly #handles = new Map<string, Topic<never>>();
	readonly #states = new Listeners<[ClientState]>();
	readonly #draining = new Listeners<[number]>();
	readonly #recovered = new Listeners<[{ group: string; recovered: boolean }]>();
	readonly #refreshed = new Listeners<[number]>();
	#opening: { resolve: () => void; reject: (error: RequestError) => void }[] = [];
	#refresh: Timer | null = null;
	#expiresAt: number | undefined;

	constructor(spec: ConsumerSpec, shapes: Shapes, groups: { readonly [name: string]: readonly (string | ParamSpec)[] }, options: ClientOptions<P>) {
		options ??= {} as ClientOptions<P>; /* of programs without types */
		const wire = new Wire(shapes, spec);
		const refs = new Refs(spec.refIsInt === true);
		const channel: ChannelHost = {
			wire, shapes, refs,
			queue: options.queue ?? {},
			timeout: options.timeout ?? 15_000,
			validator: options.validator,
			put: (parcel) => this.#connection.send(wire.write(parcel.message, parcel.body, parcel.envelope)),
			raw: (text) => this.#connection.send(text),
		};
		super(channel, spec, undefined, options.positions ?? []);
		this.rosters = new Rosters();
		this.#options = options;
		this.#path = pathOf(spec, (options.params ?? {}) as Record<string, unknown>);
		const { auth } = options;
		if (auth && "name" in auth && "password" in auth)
			options = { ...options, headers: { ...options.headers, authorization: `Basic ${basic(auth.name, auth.password)}` } };
		this.#connection = new Connection({
			address: () => this.#address(),
			subprotocols: spec.subprotocols ?? [],
			firstFrame: (greeting) => this.#firstFrame(greeting),
			greets: spec.greeting !== undefined,
			plain: (action, ref) => this.#standard(action, undefined, undefined, ref),
			refOf: (frame) => wire.refOf(frame),
			key: spec.std ? String(spec.keys[0]) : null,
			heartbeat: spec.heartbeat === true,
			renews: auth !== undefined && ("token" in auth || "ticket" in auth),
			onState: (state) => this.#state(state),
			onLive: () => this.#live(),
			onDown: (final, code, reason) => this.#down(final, code, reason),
			onFrame: (text, frame) => this.#frame(text, frame),
			parse: (text) => wire.parse(text) ?? this.#garbled(text),
			onRefusal: () => {
				/* The state that follows has the words. */
			},
		}, options);
		this.topics = this.#topicHandles(spec, channel);
		this.presence = Object.fromEntries(Object.entries(groups).map(([name, parts]) =>
			[name, (params: Record<string, unknown>) => this.rosters.get(groupName(parts, params))])) as unknown as PresenceOf<P["presence"]>;
	}

	/* ---- the connection ---- */

	get state(): ClientState {
		return this.#connection.state;
	}

	/** Is told of every change, and at once of what is so now. */
	onState(listener: (state: ClientState) => void): () => void {
		const off = this.#states.add(listener);
		listener(this.state);
		return off;
	}

	/** The server is about to close, and has said when to come back (in ms). */
	onDraining(listener: (reconnectAfter: number) => void): () => void {
		return this.#draining.add(listener);
	}

	/** What was missed in a group has been told; `recovered` false: some of it could not be, see onGap. */
	onRecovered(listener: (group: { group: string; recovered: boolean }) => void): () => void {
		return this.#recovered.add(listener);
	}

	/** The credentials have been renewed: until when. */
	onRefreshed(listener: (expiresAt: number) => void): () => void {
		return this.#refreshed.add(listener);
	}

	/**
	 * Connects, and stays connected until close(). Resolves when it is live for the first time, rejects when it is closed for good
	 * before that. Waiting for the next attempt, it attempts now.
	 */
	connect(): Promise<void> {
		if (!this.#options.WebSocket && !host.WebSocket)
			throw new Error("There is no WebSocket here: hand the client one, that of the package ws say");
		this.outbox.reopen();
		this.#connection.open();
		if (this.state.name === "live")
			return Promise.resolve();
		const opened = new Promise<void>((resolve, reject) => this.#opening.push({ resolve, reject }));
		opened.catch(() => {
			/* Those who do not wait hear of it through onState. */
		});
		return opened;
	}

	/** Ends it. What waits is given up; connect() begins again. */
	close(code = 1000, reason = ""): void {
		this.#connection.close(code, reason);
	}

	/** Where it stands in the streams, for the `positions` of a later client. */
	get recoverableFrom(): StreamPosition[] {
		return this.positions.all;
	}

	protected get ready(): boolean {
		return this.#connection.state.name === "live";
	}

	async #address(): Promise<string> {
		const { auth } = this.#options;
		const queries: string[] = [];
		if (auth && "ticket" in auth && auth.in !== "frame")
			queries.push(`ticket=${encodeURIComponent(await auth.ticket())}`);
		if (auth && this.spec.announces && ("message" in auth || "token" in auth || ("ticket" in auth && auth.in === "frame")))
			queries.push("authenticate=frame");
		if (this.spec.recoverable)
			queries.push(this.positions.query);
		const path = this.#path;
		return queries.length ? path + (path.includes("?") ? "&" : "?") + queries.join("&") : path;
	}

	async #firstFrame(frame: Frame | undefined): Promise<string | null> {
		const { auth } = this.#options;
		if (!auth)
			return null;
		if ("message" in auth) {
			const sent = this.spec.sends[auth.message as string]!;
			const hello = this.spec.greeting === undefined ? undefined : this.spec.incoming[this.spec.greeting];
			const greeting = frame && hello ? this.host.wire.read(frame, hello) : undefined;
			const envelope = this.host.wire.spec.refAt === undefined ? {} : { ref: this.host.refs.next() };
			return this.host.wire.write(sent.message, await auth.body(greeting as P["greeting"]), envelope);
		}
		if ("ticket" in auth && auth.in === "frame")
			return this.#standard("authenticate", { token: await auth.ticket() });
		return "token" in auth ? this.#standard("authenticate", { token: await this.#token(auth.token) }) : null;
	}

	async #token(provider: () => Promise<Token> | Token): Promise<string> {
		const given = await provider();
		const { token, expiresAt } = typeof given === "string" ? { token: given, expiresAt: undefined } : given;
		this.#expiresAt = expiresAt ?? expiryOf(token);
		return token;
	}

	#standard(action: string, payload?: unknown, topic?: string, ref?: string | number): string {
		const { envelope, keys } = this.spec;
		const frame: Record<string, unknown> = { [String(keys[0])]: action };
		if (payload !== undefined)
			frame.payload = payload;
		if (topic !== undefined && envelope.topic !== undefined)
			frame[envelope.topic] = topic;
		if (ref !== undefined && envelope.ref !== undefined)
			frame[envelope.ref] = ref;
		return JSON.stringify(frame);
	}

	/* ---- coming and going ---- */

	#state(state: ClientState): void {
		const waiting = state.name === "live" || state.name === "closed" ? this.#opening.splice(0) : [];
		this.#states.tell(state);
		for (const { resolve, reject } of waiting)
			state.name === "live" ? resolve() : reject(this.#closedError(state));
	}

	#closedError(state: ClientState): RequestError {
		return new RequestError("closed", state.name === "closed" ? `The connection is closed: ${state.code} ${state.reason}`.trim()
			: "The connection is closed.");
	}

	#live(): void {
		this.#scheduleRefresh();
		for (const topic of this.#handles.values())
			topic.connected();
		this.outbox.flush();
	}

	#down(final: boolean, code: number, reason: string): void {
		const error = new RequestError("closed", `The connection is closed: ${code} ${reason}`.trim());
		cancel(this.#refresh);
		this.rosters.doubt();
		const again = this.host.refs.lost();
		this.outbox.giveBack(again.filter((parcel) => parcel.envelope.topic === undefined));
		for (const [name, topic] of this.#handles) {
			topic.parcels.giveBack(again.filter((parcel) => parcel.envelope.topic === name));
			topic.disconnected(final, error);
		}
		if (final)
			this.outbox.close(error);
	}

	/* ---- credentials that end ---- */

	#scheduleRefresh(): void {
		const { auth } = this.#options;
		cancel(this.#refresh);
		if (!auth || !("token" in auth) || this.#expiresAt === undefined || !this.spec.std)
			return;
		const left = this.#expiresAt - Date.now();
		const ahead = Math.min(60_000, left * 0.2);
		this.#refresh = after(Math.max(FIRST_REFRESH_LEAST, left - ahead), () => {
			if (this.#expiresAt !== undefined && this.#expiresAt - Date.now() > ahead * 2)
				this.#scheduleRefresh();
			else
				this.#sendRefresh(auth.token);
		});
	}

	#sendRefresh(provider: () => Promise<Token> | Token): void {
		this.#token(provider).then((token) => {
			if (this.ready)
				this.host.raw(this.#standard("refresh", { token }, undefined, this.host.refs.next()));
		}).catch((error: unknown) => this.problem(new RequestError("refused",
			`There are no new credentials: ${error instanceof Error ? error.message : String(error)}`)));
	}

	#refreshedUntil(payload: unknown): void {
		const { expires_at: at } = (payload ?? {}) as { expires_at?: string };
		const until = Date.parse(at ?? "");
		if (Number.isNaN(until))
			return;
		this.#expiresAt = until;
		this.#scheduleRefresh();
		this.#refreshed.tell(until);
	}

	/* ---- frames ---- */

	#garbled(text: string): null {
		this.receiveGarbled(text);
		return null;
	}

	#frame(text: string, frame: Frame): void {
		const { keys, envelope } = this.spec;
		const tag = this.spec.std ? at(frame, keys[0]!) : undefined;
		const action = typeof tag === "string" ? tag : undefined;
		const name = envelope.topic === undefined ? undefined : at(frame, envelope.topic);
		const topic = typeof name === "string" ? this.#handles.get(name) : undefined;

		if (action === "presence_state" || action === "presence_diff")
			this.rosters.take(action, at(frame, "payload"));
		else if (topic)
			topic.frame(text, frame, action);
		else if (name !== undefined && this.spec.topics && this.host.refs.find(this.host.wire.refOf(frame)) === undefined)
			return; /* of a topic that is followed no longer */
		else if (!this.#own(action, frame))
			this.receive(text, frame, action);
	}

	/** Standard messages about the connection itself. */
	#own(action: string | undefined, frame: Frame): boolean {
		const payload = at(frame, "payload");
		switch (action) {
		case "draining": {
			const delay = Number((payload as { reconnect_after_ms?: unknown } | undefined)?.reconnect_after_ms) || 0;
			this.#connection.hint(delay);
			this.#draining.tell(delay);
			return true;
		}
		case "recovered": this.#settle(payload); return true;
		case "refreshed": this.#refreshedUntil(payload); return true;
		/* A topic on a route of its own is followed from the beginning. */
		case "subscribed":
		case "unsubscribed": return true;
		case "pong":
			/* An answer to a request of the program is dealt with where answers are. */
			return this.host.refs.find(this.host.wire.refOf(frame)) === undefined;
		default: return false;
		}
	}

	#settle(payload: unknown): void {
		const { group, recovered, epoch, seq } = (payload ?? {}) as { group?: string; recovered?: boolean; epoch?: string; seq?: number };
		if (typeof group !== "string" || typeof recovered !== "boolean")
			return;
		const gap = this.positions.settle(group, recovered, epoch ?? "", seq ?? 0);
		this.#recovered.tell({ group, recovered });
		if (gap)
			this.gaps.tell({ group });
	}

	/* ---- topics ---- */

	#topicHandles(spec: ConsumerSpec, channel: ChannelHost): Topics<P["topics"]> {
		const client = this;
		const topicHost: TopicHost = {
			...channel,
			get live() {
				return client.ready;
			},
			rosters: this.rosters,
			standard: (action, payload, topic, ref) => channel.raw(this.#standard(action, payload, topic, ref)),
		};
		const made = Object.entries(spec.topics ?? {}).map(([kind, each]) => [kind, (params: Record<string, unknown>) => {
			const name = groupName(each.group, params ?? {});
			let handle = this.#handles.get(name);
			if (!handle)
				this.#handles.set(name, handle = new Topic<never>(topicHost, each, name));
			return handle;
		}] as const);
		return Object.fromEntries(made) as unknown as Topics<P["topics"]>;
	}
}

function basic(name: string, password: string): string {
	return base64Of(Uint8Array.from(utf8Bytes(`${name}:${password}`)));
}

function utf8Bytes(text: string): number[] {
	return (encodeURIComponent(text).match(/%[0-9A-F]{2}|[^]/g) ?? []).map((unit) =>
		unit.length === 3 ? parseInt(unit.slice(1), 16) : unit.charCodeAt(0));
}

/** When a JWT expires, in ms; undefined where it does not say, or is none. */
function expiryOf(token: string): number | undefined {
	const [, payload] = token.split(".");
	if (!payload)
		return undefined;
	try {
		const { exp } = JSON.parse(host.atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as { exp?: unknown };
		return typeof exp === "number" ? exp * 1000 : undefined;
	} catch {
		return undefined;
	}
}
