/* ---- host ---- */

/** As much of a WebSocket as the client needs: the browser's, Node's, and that of the package ws. */
export interface WebSocketLike {
	readonly readyState: number;
	onopen: ((event: never) => void) | null;
	onmessage: ((event: never) => void) | null;
	onclose: ((event: never) => void) | null;
	onerror: ((event: never) => void) | null;
	send(text: string): void;
	close(code?: number, reason?: string): void;
}

/** `options` is for those that can send headers. */
export type WebSocketConstructor = new (url: string, protocols?: string[], options?: { headers: Record<string, string> }) => WebSocketLike;

/** An AbortSignal. */
export interface AbortLike {
	readonly aborted: boolean;
	addEventListener(type: "abort", listener: () => void): void;
	removeEventListener(type: "abort", listener: () => void): void;
}

type Timer$ = { readonly timer: unknown };

interface Host$ {
	WebSocket?: WebSocketConstructor;
	URL: new (url: string, base?: string) => { protocol: string; pathname: string; search: string; hash: string; href: string };
	setTimeout(action: () => void, delay: number): unknown;
	clearTimeout(timer: unknown): void;
	crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
	atob(text: string): string;
	location?: { href: string };
	navigator?: { onLine?: boolean };
	document?: { visibilityState: string; addEventListener(type: string, listener: () => void): void;
		removeEventListener(type: string, listener: () => void): void };
	addEventListener?(type: string, listener: () => void): void;
	removeEventListener?(type: string, listener: () => void): void;
}

const host$ = globalThis as unknown as Host$;

const LONGEST_TIMER$ = 2 ** 31 - 1;

/** Longer ones than a timer can wait go off early: whoever waits looks at the clock. */
function after$(delay: number, action: () => void): Timer$ {
	return { timer: host$.setTimeout(action, Math.min(Math.max(0, delay), LONGEST_TIMER$)) };
}

function cancel$(timer: Timer$ | null | undefined): void {
	if (timer)
		host$.clearTimeout(timer.timer);
}

/** 128 random bits in hexadecimal: a name for a message that nobody else gives. */
function randomId$(): string {
	return Array.from(host$.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Functions that are told of something; an error of one is nobody else's. */
class Listeners$<Args extends unknown[]> {
	readonly #listeners = new Set<(...args: Args) => void>();

	/** Returns the function that takes it away again. */
	add(listener: (...args: Args) => void): () => void {
		const own = (...args: Args) => listener(...args);
		this.#listeners.add(own);
		return () => {
			this.#listeners.delete(own);
		};
	}

	tell(...args: Args): boolean {
		for (const listener of [...this.#listeners])
			try {
				listener(...args);
			} catch (error) {
				after$(0, () => {
					throw error;
				});
			}
		return this.#listeners.size > 0;
	}
}

/* ---- positions ---- */

/** A place in a stream. */
export interface StreamPosition {
	epoch: string;
	seq: number;
}

/** So many a server looks at. */
const MOST_POSITIONS$ = 16;

class Positions$ {
	/** By epoch: the newest that was shown. */
	readonly #shown = new Map<string, number>();
	/** By group: the epoch of its stream; "" where there is none yet. */
	readonly #groups = new Map<string, string>();

	constructor(from: readonly StreamPosition[] = []) {
		for (const { epoch, seq } of from)
			this.#shown.set(epoch, seq);
	}

	/** To be kept, and handed to the next client of the same address. */
	get all(): StreamPosition[] {
		return [...this.#shown].map(([epoch, seq]) => ({ epoch, seq }));
	}

	/** False: it has been shown already. */
	admit(epoch: unknown, seq: unknown): boolean {
		if (typeof epoch !== "string" || typeof seq !== "number")
			return true;
		const shown = this.#shown.get(epoch);
		if (shown !== undefined && seq <= shown)
			return false;
		this.#shown.set(epoch, seq);
		return true;
	}

	/** Epochs of messages of which no group has said that they are its own. */
	#orphans(): string[] {
		const owned = new Set(this.#groups.values());
		return [...this.#shown.keys()].filter((epoch) => !owned.has(epoch));
	}

	/**
	 * A stream's place as the server tells it. True: something may be missing. Without `recovered` that is so unless nothing was known
	 * of the stream before, or nothing has come since.
	 */
	settle(group: string, recovered: boolean, epoch: string, seq: number): boolean {
		const before = this.#groups.get(group);
		const orphans = this.#orphans();
		const unchanged = epoch === "" ? before === "" && orphans.length === 0 : this.#shown.get(epoch) === seq;
		const known = before !== undefined || orphans.length > 0;

		this.#groups.set(group, epoch);
		if (before !== undefined && before !== epoch)
			this.#shown.delete(before);
		if (epoch !== "")
			this.#shown.set(epoch, recovered ? Math.max(seq, this.#shown.get(epoch) ?? 0) : seq);
		/* Those of another group are its own as soon as it says so; they are no use to a single one. */
		if (this.#groups.size === 1 || this.#shown.size > MOST_POSITIONS$)
			for (const orphan of this.#orphans())
				this.#shown.delete(orphan);
		return !recovered && known && !unchanged;
	}

	/** For the URL: pairs of epoch and seq; an empty epoch asks where the streams stand. */
	get query(): string {
		const pairs = this.all.map(({ epoch, seq }) => `epoch=${encodeURIComponent(epoch)}&seq=${seq}`);
		return pairs.length ? pairs.join("&") : "epoch=";
	}
}

/* ---- presence ---- */

/** A user who is present. */
export interface PresentUser<Info> {
	/** Realm and id, as the server knows them. */
	readonly id: string;
	/** How many connections of this user are in the group. */
	readonly connections: number;
	/** What the application shows of the user. */
	readonly info: Info;
}

/** What has changed. After a reconnect: what is different from what was known before. */
export interface PresenceChange<Info> {
	readonly joined: readonly PresentUser<Info>[];
	/** Who shows something else, or has another number of connections. */
	readonly changed: readonly PresentUser<Info>[];
	readonly left: readonly PresentUser<Info>[];
}

interface PresencePayload$ {
	group: string;
	users?: PresentUser<never>[];
	joins?: PresentUser<never>[];
	leaves?: PresentUser<never>[];
	count: number;
}

/** Who is in one group. */
export class Roster<Info = unknown> {
	readonly #users = new Map<string, PresentUser<Info>>();
	readonly #listeners = new Listeners$<[PresenceChange<Info>]>();
	#count = 0;
	#known = false;
	#listed = false;

	/** group: its name on the wire. */
	constructor(readonly group: string) {}

	/** By id, in the order in which they came; empty where the group is too large to be listed. */
	get users(): ReadonlyMap<string, PresentUser<Info>> {
		return this.#users;
	}

	/** How many users there are, listed or not. */
	get count(): number {
		return this.#count;
	}

	/** The server has told it, and the connection has been there since. */
	get known(): boolean {
		return this.#known;
	}

	/** `users` has them all. */
	get listed(): boolean {
		return this.#known && this.#listed;
	}

	onChange(listener: (change: PresenceChange<Info>) => void): () => void {
		return this.#listeners.add(listener);
	}

	/** The payload of a presence_state. */
	state(payload: PresencePayload$): void {
		const users = (payload.users ?? []) as PresentUser<Info>[];
		const ids = new Set(users.map((user) => user.id));
		const left = [...this.#users.values()].filter((user) => !ids.has(user.id));
		const joined = users.filter((user) => !this.#users.has(user.id));
		const changed = users.filter((user) => isOther$(this.#users.get(user.id), user));
		this.#users.clear();
		for (const user of users)
			this.#users.set(user.id, user);
		this.#count = payload.count;
		this.#known = true;
		this.#listed = payload.users !== undefined;
		this.#listeners.tell({ joined, changed, left });
	}

	/** The payload of a presence_diff. */
	diff(payload: PresencePayload$): void {
		const joined: PresentUser<Info>[] = [];
		const changed: PresentUser<Info>[] = [];
		const left: PresentUser<Info>[] = [];
		for (const user of (payload.leaves ?? []) as PresentUser<Info>[]) {
			if (this.#users.delete(user.id) || !this.#listed)
				left.push(user);
		}
		for (const user of (payload.joins ?? []) as PresentUser<Info>[]) {
			if (!this.#users.has(user.id))
				joined.push(user);
			else if (isOther$(this.#users.get(user.id), user))
				changed.push(user);
			if (this.#listed)
				this.#users.set(user.id, user);
		}
		this.#count = payload.count;
		this.#listeners.tell({ joined, changed, left });
	}

	/** The connection is gone: what is known may be old. */
	doubt(): void {
		this.#known = false;
	}
}

function isOther$<Info>(old: PresentUser<Info> | undefined, user: PresentUser<Info>): boolean {
	return old !== undefined && JSON.stringify(old) !== JSON.stringify(user);
}

/** The rosters of all groups of a connection, by name. */
class Rosters$ {
	readonly #rosters = new Map<string, Roster<never>>();

	get(group: string): Roster<never> {
		let roster = this.#rosters.get(group);
		if (!roster)
			this.#rosters.set(group, roster = new Roster(group));
		return roster;
	}

	doubt(): void {
		for (const roster of this.#rosters.values())
			roster.doubt();
	}

	/** False: the payload is none of a presence message. */
	take(action: string, payload: unknown): boolean {
		const { group, count } = (payload ?? {}) as Partial<PresencePayload$>;
		if (typeof group !== "string" || typeof count !== "number")
			return false;
		if (action === "presence_state")
			this.get(group).state(payload as PresencePayload$);
		else
			this.get(group).diff(payload as PresencePayload$);
		return true;
	}
}

/* ---- outbox ---- */

export interface SendOptions {
	/** Makes it idempotent: sent again with the same id it has no second effect. */
	messageId?: string;
}

export interface RequestOptions extends SendOptions {
	/** In ms, from now on, waiting for a connection included. */
	timeout?: number;
	/** Gives it an id of its own; if the connection is lost before the answer, it is sent again on the next. */
	idempotent?: boolean;
	signal?: AbortLike;
}

/** What becomes of messages while there is no connection. */
export interface QueueOptions {
	/** How many are kept. 64. */
	limit?: number;
	/** What happens to one too many: it is refused, or the oldest is given up for it. */
	whenFull?: "refuse" | "drop-oldest";
}

/** A frame on its way. */
interface Parcel$ {
	readonly message: MessageSpec$;
	readonly body: unknown;
	readonly envelope: Envelope$;
	/** In the order in which they were given. */
	readonly order: number;
	/** Of a request; undefined: nobody waits for an answer. */
	pending?: Pending$;
}

/** A request that has not been answered. */
interface Pending$ {
	/** Names of the messages that answer it; null: its completion does. */
	readonly answers: readonly string[] | null;
	resolve(answer: unknown): void;
	reject(error: RequestError): void;
}

/** Numbers, and who waits for which. */
class Refs$ {
	readonly #waiting = new Map<string | number, Parcel$>();
	readonly #asInt: boolean;
	#next = 1;
	#order = 0;

	constructor(asInt: boolean) {
		this.#asInt = asInt;
	}

	next(): string | number {
		const ref = this.#next++;
		return this.#asInt ? ref : String(ref);
	}

	order(): number {
		return this.#order++;
	}

	/** It has been sent, and its answer may come. */
	expect(parcel: Parcel$): void {
		if (parcel.envelope.ref !== undefined)
			this.#waiting.set(parcel.envelope.ref, parcel);
	}

	find(ref: string | number | undefined): Pending$ | undefined {
		return ref === undefined ? undefined : this.#waiting.get(ref)?.pending;
	}

	forget(ref: string | number | undefined): void {
		if (ref !== undefined)
			this.#waiting.delete(ref);
	}

	/** The connection is gone: those whose answer may still be had are given back, the others have failed. */
	lost(): Parcel$[] {
		const parcels = [...this.#waiting.values()];
		this.#waiting.clear();
		return parcels.filter((parcel) => {
			if (parcel.envelope.message_id !== undefined)
				return true;
			parcel.pending?.reject(new RequestError("disconnected", "The connection was lost before the answer: it may have arrived, or not.",
				String(parcel.envelope.ref)));
			return false;
		});
	}
}

/** What one consumer or topic has to send. */
class Outbox$ {
	readonly #refs: Refs$;
	readonly #options: QueueOptions | false;
	readonly #put: (parcel: Parcel$) => boolean;
	readonly #dropped: (error: RequestError) => void;
	#queue: Parcel$[] = [];
	#closed: RequestError | null = null;

	/** put: sends a frame, or says that it cannot now. */
	constructor(refs: Refs$, options: QueueOptions | false, put: (parcel: Parcel$) => boolean, dropped: (error: RequestError) => void) {
		this.#refs = refs;
		this.#options = options;
		this.#put = put;
		this.#dropped = dropped;
	}

	get waiting(): number {
		return this.#queue.length;
	}

	/** Throws where it can neither be sent nor kept. */
	send(message: MessageSpec$, body: unknown, envelope: Envelope$): void {
		this.#post({ message, body, envelope, order: this.#refs.order() });
	}

	request(message: MessageSpec$, body: unknown, envelope: Envelope$, answers: readonly string[] | null, options: RequestOptions,
		timeout: number): Promise<unknown> {
		const id = options.messageId ?? (options.idempotent ? randomId$() : undefined);
		return new Promise((resolve, reject) => {
			let timer: Timer$ | null = null;
			const ref = String(envelope.ref);
			const parcel: Parcel$ = { message, body, order: this.#refs.order(),
				envelope: id === undefined ? envelope : { ...envelope, message_id: id } };
			const done = () => {
				cancel$(timer);
				options.signal?.removeEventListener("abort", aborted);
				this.#refs.forget(envelope.ref);
				this.#queue = this.#queue.filter((each) => each !== parcel);
			};
			const fail = (error: RequestError) => {
				done();
				reject(error);
			};
			const aborted = () => fail(new RequestError("aborted", "It was given up.", ref));
			parcel.pending = {
				answers,
				resolve: (answer) => {
					done();
					resolve(answer);
				},
				reject: fail,
			};
			if (options.signal?.aborted)
				return aborted();
			options.signal?.addEventListener("abort", aborted);
			timer = after$(timeout, () => fail(new RequestError("timeout", `There was no answer within ${timeout} ms.`, ref)));
			try {
				this.#post(parcel);
			} catch (error) {
				fail(error as RequestError);
			}
		});
	}

	#post(parcel: Parcel$): void {
		if (this.#closed)
			throw this.#closed;
		if (this.#queue.length === 0 && this.#deliver(parcel))
			return;
		const limit = this.#options === false ? 0 : this.#options.limit ?? 64;
		if (this.#queue.length >= limit) {
			const oldest = this.#options !== false && this.#options.whenFull === "drop-oldest" ? this.#queue.shift() : undefined;
			if (!oldest)
				throw new RequestError("queue_full", limit === 0 ? "There is no connection." : "Too much waits for the connection.",
					refText$(parcel));
			this.#drop(oldest, new RequestError("queue_full", "It was given up for later ones.", refText$(oldest)));
		}
		this.#queue.push(parcel);
	}

	#deliver(parcel: Parcel$): boolean {
		if (parcel.pending)
			this.#refs.expect(parcel);
		if (this.#put(parcel))
			return true;
		this.#refs.forget(parcel.envelope.ref);
		return false;
	}

	#drop(parcel: Parcel$, error: RequestError): void {
		if (parcel.pending)
			parcel.pending.reject(error);
		else
			this.#dropped(error);
	}

	/** The way is free: what waits goes, in its order. */
	flush(): void {
		this.#closed = null;
		while (this.#queue.length > 0 && this.#deliver(this.#queue[0]!))
			this.#queue.shift();
	}

	/** Before what waits already, as they were given earlier. */
	giveBack(parcels: Parcel$[]): void {
		this.#queue = [...parcels, ...this.#queue].sort((a, b) => a.order - b.order);
	}

	/** Nothing will be sent any more, until flush() or reopen(). */
	close(error: RequestError): void {
		this.#closed = error;
		for (const parcel of this.#queue.splice(0))
			this.#drop(parcel, error);
	}

	reopen(): void {
		this.#closed = null;
	}
}

function refText$(parcel: Parcel$): string | undefined {
	return parcel.envelope.ref === undefined ? undefined : String(parcel.envelope.ref);
}

/* ---- connection ---- */

/** What a client says of its connection. */
export type ClientState =
	/** Not opened yet. */
	| { readonly name: "idle" }
	| { readonly name: "connecting"; readonly attempt: number }
	/** Authenticated: what is sent arrives. */
	| { readonly name: "live" }
	/** It was lost, and will be tried again at `until` (as Date.now()); `code` is how it was closed. */
	| { readonly name: "waiting"; readonly until: number; readonly code: number; readonly reason: string }
	/** The browser has no network; as soon as there is one it will be tried. */
	| { readonly name: "offline"; readonly code: number; readonly reason: string }
	/** It will not be tried again: closed by the program (code 1000), or coming back would not help. */
	| { readonly name: "closed"; readonly code: number; readonly reason: string };

/** How to come back. Delays in ms. */
export interface ReconnectOptions {
	/** Before the first attempt at most; doubled for each that follows. 500. */
	firstDelay?: number;
	/** 30 000. */
	longestDelay?: number;
	/** In a row without success; unlimited. */
	attempts?: number;
	/** Whether to come back after a close code, where the usual answer will not do. */
	when?: (code: number, usual: boolean) => boolean;
	/** Between 0 and 1; Math.random. */
	random?: () => number;
}

interface ConnectionOptions$ {
	/** Where the server is: "https://chat.example.org"; the page's own by default. A path is what stands before the contract's. */
	url?: string;
	/** The class of sockets where none is global: that of the package ws, for Node before 22. */
	WebSocket?: WebSocketConstructor;
	/** Headers of the handshake, which browsers cannot send. */
	headers?: Record<string, string>;
	/** false: never. */
	reconnect?: ReconnectOptions | false;
	/** A ping every so many ms (25 000), and how long a pong may take (10 000). Only where the consumer answers pings. */
	heartbeat?: { every?: number; within?: number } | false;
	/** How long connecting and authenticating may take together, in ms. 15 000. */
	connectWithin?: number;
}

/** Codes after which the same attempt would end the same way. 4401 and 4410: unless there are new credentials. */
const FINAL$ = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010, 4400, 4401, 4403, 4404, 4409, 4410]);
/* Other codes of 4000 to 4999 are some contract's own; these are known to pass. */
const PASSING$ = new Set([4408, 4429]);
/** Not before, in ms: the server has said that it has too much to do. */
const LEAST_DELAY$: Record<number, number> = { 1013: 5_000, 4429: 10_000 };
const STEADY_AFTER$ = 5_000;

/** Whether it makes sense to come back after a close code. */
export function mayReconnect(code: number): boolean {
	return !FINAL$.has(code) && (code < 4000 || PASSING$.has(code));
}

/** How long to wait before an attempt (0 is the first): anything up to a limit that doubles, so that clients that lost one server
 * together do not come back together. */
export function backoff(attempt: number, options: ReconnectOptions = {}): number {
	const most = Math.min(options.longestDelay ?? 30_000, (options.firstDelay ?? 500) * 2 ** Math.min(attempt, 16));
	return (options.random ?? Math.random)() * most;
}

/** What the connection asks of the client around it. */
interface Keeper$ {
	/** Path and query; may take its time (a ticket). Rejected: tried again as if the connection had failed. */
	address(): Promise<string>;
	subprotocols: readonly string[];
	/** The first frame where credentials are in one; null: none. greeting: what the server has said first. */
	firstFrame(greeting: Frame$ | undefined): Promise<string | null>;
	/** The server speaks first, before it knows the client. */
	greets: boolean;
	/** A standard message without members of its own. */
	plain(action: string, ref?: string | number): string;
	refOf(frame: Frame$): string | number | undefined;
	/** The discriminator of standard messages; null: there are none. */
	key: string | null;
	heartbeat: boolean;
	/** New credentials can be had after 4401 and 4410. */
	renews: boolean;
	onState(state: ClientState): void;
	/** Authenticated; before onState. */
	onLive(): void;
	/** No longer; before onState. final: for good. */
	onDown(final: boolean, code: number, reason: string): void;
	onFrame(text: string, frame: Frame$): void;
	parse(text: string): Frame$ | null;
	onRefusal(status: number, detail: string): void;
}

class Connection$ {
	readonly #keeper: Keeper$;
	readonly #options: ConnectionOptions$;
	#socket: WebSocketLike | null = null;
	#number = 0;
	#state: ClientState = { name: "idle" };
	#attempt = 0;
	#renewals = 0;
	#hint: number | null = null;
	#refusal = "";
	#greeted = false;
	#timers: Partial<Record<"connect" | "steady" | "ping" | "pong" | "retry", Timer$>> = {};
	#unwatch: (() => void) | null = null;

	constructor(keeper: Keeper$, options: ConnectionOptions$) {
		this.#keeper = keeper;
		this.#options = options;
	}

	get state(): ClientState {
		return this.#state;
	}

	/** Connects now, whatever it was waiting for; also the way back from "closed". */
	open(): void {
		if (this.#state.name === "connecting" || this.#state.name === "live")
			return;
		if (this.#state.name === "closed")
			this.#attempt = this.#renewals = 0;
		this.#unwatch ??= watch$(() => this.#reachable(), () => this.#doubtful());
		this.#connect();
	}

	close(code = 1000, reason = ""): void {
		const socket = this.#socket;
		this.#release();
		this.#forget();
		this.#end(code, reason);
		socket?.close(code, reason);
	}

	/** False: not connected. */
	send(text: string): boolean {
		if (this.#socket?.readyState !== 1)
			return false;
		this.#socket.send(text);
		return true;
	}

	/** What is held against the connection: it is given up at once, without waiting for the other side's farewell. */
	drop(): void {
		const socket = this.#socket;
		if (!socket)
			return;
		this.#lost(socket, 1006, "");
		socket.close();
	}

	/* ---- connecting ---- */

	#connect(): void {
		this.#forget();
		this.#hint = null;
		this.#refusal = "";
		this.#tell({ name: "connecting", attempt: this.#attempt });
		const number = ++this.#number;
		this.#after("connect", this.#options.connectWithin ?? 15_000, () => {
			this.#number++;
			if (this.#socket)
				this.drop();
			else
				this.#down(1006, "It took too long.");
		});
		this.#keeper.address().then((address) => {
			if (number === this.#number)
				this.#openSocket(address);
		}).catch((error: unknown) => {
			if (number === this.#number)
				this.#down(1006, error instanceof Error ? error.message : String(error));
		});
	}

	#openSocket(address: string): void {
		const Socket = this.#options.WebSocket ?? host$.WebSocket;
		if (!Socket)
			throw new Error("There is no WebSocket here: hand one to the client");
		const { headers } = this.#options;
		const protocols = [...this.#keeper.subprotocols];
		const url = this.#url(address);
		const socket = headers ? new Socket(url, protocols, { headers }) : protocols.length ? new Socket(url, protocols) : new Socket(url);
		this.#socket = socket;
		socket.onopen = () => this.#opened(socket);
		socket.onmessage = (event: { data: unknown }) => this.#received(socket, event.data);
		socket.onclose = (event: { code: number; reason: string }) => this.#lost(socket, event.code, event.reason);
		socket.onerror = () => {
			/* What it was, the close event that follows says, as far as it may be known. */
		};
	}

	#url(address: string): string {
		const base = this.#options.url ?? host$.location?.href;
		if (base === undefined)
			throw new Error("The client needs the server's url");
		const url = new host$.URL(base, host$.location?.href);
		const prefix = this.#options.url === undefined ? "" : url.pathname.replace(/\/$/, "");
		const [path = "", query = ""] = address.split(/\?(.*)/s);
		url.protocol = /^(https|wss):$/.test(url.protocol) ? "wss:" : "ws:";
		url.pathname = prefix + path;
		url.search = query;
		url.hash = "";
		return url.href;
	}

	#opened(socket: WebSocketLike): void {
		this.#greeted = !this.#keeper.greets;
		if (this.#greeted)
			this.#introduce(socket, undefined);
	}

	#introduce(socket: WebSocketLike, greeting: Frame$ | undefined): void {
		this.#keeper.firstFrame(greeting).then((text) => {
			if (socket !== this.#socket)
				return;
			if (text !== null)
				socket.send(text);
			/* Without standard messages nobody says that we are in. */
			if (this.#keeper.key === null)
				this.#live();
		}).catch(() => this.#socket === socket && this.drop());
	}

	/* ---- frames ---- */

	#received(socket: WebSocketLike, data: unknown): void {
		if (socket !== this.#socket || typeof data !== "string")
			return;
		cancel$(this.#timers.pong);
		delete this.#timers.pong;
		const frame = this.#keeper.parse(data);
		if (!frame)
			return;
		if (!this.#greeted) {
			this.#greeted = true;
			this.#keeper.onFrame(data, frame);
			this.#introduce(socket, frame);
			return;
		}
		const action = this.#keeper.key === null ? undefined : at$(frame, this.#keeper.key);
		if (action === "authentication")
			this.#authenticated(at$(frame, "payload"));
		else if (action === "ping")
			this.send(this.#keeper.plain("pong", this.#keeper.refOf(frame)));
		else
			this.#keeper.onFrame(data, frame);
	}

	#authenticated(payload: unknown): void {
		const { status_code: status, status_text: text, data } =
			(payload ?? {}) as { status_code?: number; status_text?: string; data?: { detail?: string } };
		if (status === 200) {
			if (this.#state.name !== "live")
				this.#live();
			return;
		}
		/* The close that follows ends it; this says why. */
		this.#refusal = data?.detail ?? text ?? "";
		this.#keeper.onRefusal(status ?? 0, this.#refusal);
	}

	/** `draining`: when to come back. */
	hint(delay: number): void {
		this.#hint = delay;
	}

	#live(): void {
		cancel$(this.#timers.connect);
		this.#after("steady", STEADY_AFTER$, () => {
			this.#attempt = this.#renewals = 0;
		});
		if (this.#keeper.heartbeat && this.#options.heartbeat !== false)
			this.#beat(this.#options.heartbeat?.every ?? 25_000);
		this.#state = { name: "live" };
		this.#keeper.onLive();
		if (this.#state.name === "live")
			this.#keeper.onState(this.#state);
	}

	#beat(every: number): void {
		this.#after("ping", every, () => {
			this.#probe();
			this.#beat(every);
		});
	}

	/* A peer that is gone without a word does not answer. */
	#probe(): void {
		if (this.#state.name !== "live" || this.#timers.pong || !this.#keeper.heartbeat || this.#options.heartbeat === false)
			return;
		if (this.send(this.#keeper.plain("ping")))
			this.#after("pong", this.#options.heartbeat?.within ?? 10_000, () => this.drop());
	}

	/* ---- losing it ---- */

	#lost(socket: WebSocketLike, code: number, reason: string): void {
		if (socket !== this.#socket)
			return;
		this.#release();
		this.#down(code, this.#refusal || reason);
	}

	#release(): void {
		const socket = this.#socket;
		this.#socket = null;
		this.#number++;
		if (socket)
			socket.onopen = socket.onmessage = socket.onclose = null;
	}

	#down(code: number, reason: string): void {
		const { reconnect } = this.#options;
		this.#number++;
		this.#forget();
		if (reconnect === false || this.#attempt >= (reconnect?.attempts ?? Infinity) || !this.#comesBack(code, reconnect)) {
			this.#end(code, reason);
			return;
		}
		const delay = this.#hint ?? (LEAST_DELAY$[code] ?? 0) * (1 + (reconnect?.random ?? Math.random)() / 2) + backoff(this.#attempt, reconnect);
		this.#attempt++;
		this.#keeper.onDown(false, code, reason);
		this.#after("retry", delay, () => this.#connect());
		this.#tell(host$.navigator?.onLine === false ? { name: "offline", code, reason }
			: { name: "waiting", until: Date.now() + delay, code, reason });
	}

	#comesBack(code: number, reconnect: ReconnectOptions | undefined): boolean {
		/* New credentials may do what the old ones did not; once, or somebody else is wrong. */
		const renewed = (code === 4401 || code === 4410) && this.#keeper.renews && this.#renewals++ < 1;
		const usual = renewed || mayReconnect(code);
		return reconnect?.when?.(code, usual) ?? usual;
	}

	#end(code: number, reason: string): void {
		if (this.#state.name === "closed")
			return;
		this.#unwatch?.();
		this.#unwatch = null;
		this.#keeper.onDown(true, code, reason);
		this.#tell({ name: "closed", code, reason });
	}

	#reachable(): void {
		if (this.#state.name === "waiting" || this.#state.name === "offline")
			this.#connect();
	}

	/* The line may have broken before the browser says why. */
	#doubtful(): void {
		if (this.#state.name === "waiting")
			this.#tell({ name: "offline", code: this.#state.code, reason: this.#state.reason });
		else
			this.#probe();
	}

	#tell(state: ClientState): void {
		this.#state = state;
		this.#keeper.onState(state);
	}

	#after(name: "connect" | "steady" | "ping" | "pong" | "retry", delay: number, action: () => void): void {
		cancel$(this.#timers[name]);
		this.#timers[name] = after$(delay, () => {
			delete this.#timers[name];
			action();
		});
	}

	#forget(): void {
		for (const timer of Object.values(this.#timers))
			cancel$(timer);
		this.#timers = {};
	}
}

/** Browsers say when the network comes and goes, and when somebody looks again. */
function watch$(reachable: () => void, doubtful: () => void): () => void {
	const { document } = host$;
	const seen = () => document?.visibilityState === "visible" && reachable();
	host$.addEventListener?.("online", reachable);
	host$.addEventListener?.("offline", doubtful);
	document?.addEventListener("visibilitychange", seen);
	return () => {
		host$.removeEventListener?.("online", reachable);
		host$.removeEventListener?.("offline", doubtful);
		document?.removeEventListener("visibilitychange", seen);
	};
}

/* ---- channel ---- */

/** What a contract says of a consumer or topic; generated. */
export interface Protocol {
	/** Parameters of the URL, or of the topic's name. */
	params: object;
	/** What clients send, without discriminator and envelope. */
	send: object;
	/** What request() resolves with; only what is answered. */
	answers: object;
	incoming: object;
	/** Questions of the server: {question, answers}. */
	asks: object;
	/** Protocols of the topics. */
	topics: object;
	/** Groups with a roster: {params, info}. */
	presence: object;
	/** Names of messages that authenticate. */
	first: string;
	/** The first frame of all; undefined: there is none. */
	greeting: unknown;
}

type Arguments$<Body, Options> = Record<never, never> extends Body ? [body?: Body, options?: Options] : [body: Body, options?: Options];

type Senders$<S> = { readonly [K in keyof S]: (...args: Arguments$<S[K], SendOptions>) => string };
type Requesters$<S, A> = {
	readonly [K in keyof A]: (...args: Arguments$<K extends keyof S ? S[K] : never, RequestOptions>) => Promise<A[K]>;
};
/** Every message that may come in, told apart by its discriminator. */
export type Incoming<P extends Protocol> = P["incoming"][keyof P["incoming"]];
type Replies$<A> = { readonly [K in keyof A]: (...args: Record<never, never> extends A[K] ? [body?: A[K]] : [body: A[K]]) => void };
type QuestionOf$<Ask> = Ask extends { question: infer Q } ? Q : never;
type RepliesTo$<Ask> = Ask extends { answers: infer A } ? Replies$<A> : never;

/** Says what is wrong with a frame that came in: the generated `validator`. */
export interface Validator {
	(spec: FrameSpec$, shapes: Shapes$, message: MessageSpec$, frame: Frame$): Problem[];
}

/** A message that was not understood: the frame as it came. */
export interface UnknownMessage {
	readonly frame: unknown;
	readonly text: string;
}

export interface Completion {
	readonly kind: "complete" | "group_complete" | "event_complete";
	readonly ref: string | undefined;
}

/** Something may have been missed: what the program shows of this group is to be fetched afresh. */
export interface StreamGap {
	readonly group: string;
}

/** What a channel needs of the client around it. */
interface ChannelHost$ {
	readonly wire: Wire$;
	readonly shapes: Shapes$;
	readonly refs: Refs$;
	readonly queue: QueueOptions | false;
	readonly timeout: number;
	readonly validator: Validator | undefined;
	put(parcel: Parcel$): boolean;
	raw(text: string): boolean;
}

const STANDARD_COMPLETIONS$ = new Set(["complete", "group_complete", "event_complete"]);

abstract class Channel$<P extends Protocol> {
	/** Sends and does not wait. Returns the frame's ref. Throws a RequestError where it cannot be sent and not be kept. */
	readonly send: Senders$<P["send"]>;
	/** Sends and waits for the answer, or where there is none for its completion. Rejects with a RequestError. */
	readonly request: Requesters$<P["send"], P["answers"]>;

	protected readonly spec: ConsumerSpec$;
	protected readonly host: ChannelHost$;
	protected readonly outbox: Outbox$;
	protected positions: Positions$;
	readonly #topic: string | undefined;
	readonly #byName = new Map<string, Listeners$<[never]>>();
	readonly #everything = new Listeners$<[never]>();
	readonly #unknown = new Listeners$<[UnknownMessage]>();
	readonly #problems = new Listeners$<[RequestError]>();
	readonly #completions = new Listeners$<[Completion]>();
	protected readonly gaps = new Listeners$<[StreamGap]>();
	readonly #questions = new Map<string, (question: never, reply: never) => void | Promise<void>>();

	protected constructor(host: ChannelHost$, spec: ConsumerSpec$, topic: string | undefined, positions: readonly StreamPosition[]) {
		this.host = host;
		this.spec = spec;
		this.#topic = topic;
		this.positions = new Positions$(positions);
		this.outbox = new Outbox$(host.refs, host.queue, (parcel) => this.ready && host.put(parcel), (error) => this.#problems.tell(error));
		const send: Record<string, unknown> = {};
		const request: Record<string, unknown> = {};
		for (const name of Object.keys(spec.sends)) {
			send[name] = (body?: unknown, options?: SendOptions) => this.#send(name, body, options ?? {});
			request[name] = (body?: unknown, options?: RequestOptions) => this.#request(name, body, options ?? {});
		}
		this.send = send as Senders$<P["send"]>;
		this.request = request as Requesters$<P["send"], P["answers"]>;
	}

	/** Messages can be sent now. */
	protected abstract get ready(): boolean;

	/* ---- what the program hears ---- */

	/** Messages of one kind, in the order in which they came. Returns the function that ends it. */
	on<K extends keyof P["incoming"] & string>(name: K, listener: (message: P["incoming"][K]) => void): () => void {
		let listeners = this.#byName.get(name);
		if (!listeners)
			this.#byName.set(name, listeners = new Listeners$());
		return listeners.add(listener as (message: never) => void);
	}

	/** Every message of the contract: a switch over its discriminator is complete. Behind the listeners of on(). */
	onMessage(listener: (message: Incoming<P>) => void): () => void {
		return this.#everything.add(listener as (message: never) => void);
	}

	/** What this version of the contract does not know. */
	onUnknown(listener: (message: UnknownMessage) => void): () => void {
		return this.#unknown.add(listener);
	}

	/** Errors of the server that no request waits for, and messages that a validator refused. */
	onProblem(listener: (error: RequestError) => void): () => void {
		return this.#problems.add(listener);
	}

	/** Where the consumer says `completion`: a frame of ours, a group message, an event has been dealt with. */
	onCompletion(listener: (completion: Completion) => void): () => void {
		return this.#completions.add(listener);
	}

	/** Missed messages could not be recovered. */
	onGap(listener: (gap: StreamGap) => void): () => void {
		return this.gaps.add(listener);
	}

	/** Answers a question of the server, with one of the methods of `reply`. There is one handler for each question. */
	answer<K extends keyof P["asks"] & string>(name: K,
		handler: (question: QuestionOf$<P["asks"][K]>, reply: RepliesTo$<P["asks"][K]>) => void | Promise<void>): () => void {
		const own = handler as (question: never, reply: never) => void | Promise<void>;
		this.#questions.set(name, own);
		return () => {
			if (this.#questions.get(name) === own)
				this.#questions.delete(name);
		};
	}

	/* ---- what the program says ---- */

	#envelope(options: SendOptions): Envelope$ {
		const { wire, refs } = this.host;
		const envelope: Envelope$ = {};
		if (wire.spec.envelope.ref !== undefined || wire.spec.refAt !== undefined)
			envelope.ref = refs.next();
		if (this.#topic !== undefined)
			envelope.topic = this.#topic;
		if (options.messageId !== undefined)
			envelope.message_id = options.messageId;
		return envelope;
	}

	#send(name: string, body: unknown, options: SendOptions): string {
		const envelope = this.#envelope(options);
		this.outbox.send(this.spec.sends[name]!.message, body ?? {}, envelope);
		return String(envelope.ref ?? "");
	}

	#request(name: string, body: unknown, options: RequestOptions): Promise<unknown> {
		const sent = this.spec.sends[name]!;
		const envelope = this.#envelope(options);
		if (!sent.answers && !this.spec.completion)
			return Promise.reject(new RequestError("unanswered", `Nothing answers ${name}: use send`));
		if (envelope.ref === undefined)
			return Promise.reject(new RequestError("unanswered", "The contract has no ref that an answer could repeat"));
		return this.outbox.request(sent.message, body ?? {}, envelope, sent.answers ?? null, options, options.timeout ?? this.host.timeout);
	}

	/* ---- what comes in ---- */

	/** A frame for this channel. `action`: its name among standard messages, where there are any. */
	protected receive(text: string, frame: Frame$, action: string | undefined): void {
		const { wire, refs } = this.host;
		const ref = wire.refOf(frame);
		const pending = refs.find(ref);

		if (action !== undefined && STANDARD_COMPLETIONS$.has(action))
			this.#complete(action as Completion["kind"], ref, pending);
		else if (action === "error")
			this.#error(frame, ref, pending);
		else if (!pending || !this.#answer(frame, pending))
			this.#message(text, frame, ref);
	}

	#complete(kind: Completion["kind"], ref: string | number | undefined, pending: Pending$ | undefined): void {
		if (kind === "complete" && pending?.answers === null)
			pending.resolve(undefined);
		else if (kind === "complete" && pending)
			pending.reject(new RequestError("unanswered", "The server has dealt with it and sent no answer.", String(ref)));
		this.#completions.tell({ kind, ref: ref === undefined ? undefined : String(ref) });
	}

	#error(frame: Frame$, ref: string | number | undefined, pending: Pending$ | undefined): void {
		const error = errorOfFrame$(frame, ref);
		if (pending)
			pending.reject(error);
		else
			this.#problems.tell(error);
	}

	#answer(frame: Frame$, pending: Pending$): boolean {
		const { wire } = this.host;
		const candidates: Record<string, MessageSpec$> = {};
		for (const name of pending.answers ?? [])
			if (this.spec.answers[name])
				candidates[name] = this.spec.answers[name];
		const name = wire.recognise(frame, candidates, wire.spec.keys);
		if (name === undefined)
			return this.#refusal(frame, pending);
		const message = candidates[name]!;
		const problems = this.#problemsOf(message, frame);
		if (problems.length)
			pending.reject(new InvalidError(problems));
		else
			pending.resolve(wire.read(frame, message));
		return true;
	}

	#refusal(frame: Frame$, pending: Pending$): boolean {
		const { wire } = this.host;
		const message = this.spec.error === undefined ? undefined : this.spec.incoming[this.spec.error];
		if (!message || wire.recognise(frame, { message }, wire.spec.keys) === undefined)
			return false;
		pending.reject(new RefusalError(wire.read(frame, message), String(wire.refOf(frame))));
		return true;
	}

	#problemsOf(message: MessageSpec$, frame: Frame$): Problem[] {
		return this.host.validator?.(this.host.wire.spec, this.host.shapes, message, frame) ?? [];
	}

	#message(text: string, frame: Frame$, ref: string | number | undefined): void {
		const { wire } = this.host;
		const questions = Object.fromEntries(Object.entries(this.spec.asks).map(([name, ask]) => [name, ask.message]));
		const name = wire.recognise(frame, this.spec.incoming, wire.spec.keys);
		const question = wire.recognise(frame, questions, wire.spec.keys);
		const message = name !== undefined ? this.spec.incoming[name]! : question !== undefined ? questions[question]! : undefined;

		if (!message) {
			this.#unknown.tell({ frame, text });
			return;
		}
		const { seq, epoch } = wire.spec.envelope;
		if (seq !== undefined && epoch !== undefined && !this.positions.admit(at$(frame, epoch), at$(frame, seq)))
			return;
		const problems = this.#problemsOf(message, frame);
		if (problems.length) {
			this.#problems.tell(new InvalidError(problems));
			return;
		}
		const value = wire.read(frame, message) as never;
		if (name === undefined) {
			this.#asked(question!, value, ref);
			return;
		}
		this.#byName.get(name)?.tell(value);
		this.#everything.tell(value);
	}

	#asked(name: string, question: never, ref: string | number | undefined): void {
		const handler = this.#questions.get(name);
		const { wire } = this.host;
		let answered = false;
		if (!handler) {
			this.#problems.tell(new RequestError("unanswered", `The server asks ${name}, and nothing answers`));
			return;
		}
		const reply: Record<string, unknown> = {};
		for (const [answer, message] of Object.entries(this.spec.asks[name]!.answers))
			reply[answer] = (body?: unknown) => {
				if (answered)
					throw new RequestError("unanswered", `The question ${name} has been answered already`);
				answered = true;
				const envelope: Envelope$ = this.#topic === undefined ? {} : { topic: this.#topic };
				if (ref !== undefined)
					envelope.ref = ref;
				this.host.raw(wire.write(message, body ?? {}, envelope));
			};
		Promise.resolve().then(() => handler(question, reply as never)).catch((error: unknown) =>
			this.#problems.tell(new RequestError("unanswered", error instanceof Error ? error.message : String(error))));
	}

	/** Text that is no frame at all. */
	protected receiveGarbled(text: string): void {
		this.#unknown.tell({ frame: undefined, text });
	}

	/** For what the client finds out itself. */
	protected problem(error: RequestError): void {
		this.#problems.tell(error);
	}
}

function errorOfFrame$(frame: Frame$, ref: string | number | undefined): RequestError {
	return errorOf$(at$(frame, "payload"), ref === undefined ? undefined : String(ref));
}

/* ---- topic ---- */

export type TopicState = "unsubscribed" | "subscribing" | "subscribed" | "refused";

/** Who its roster shows. */
type InfoOf$<P extends Protocol> = P["presence"] extends { self: { info: infer I } } ? I : unknown;

/** What a topic asks of its client. */
interface TopicHost$ extends ChannelHost$ {
	readonly live: boolean;
	readonly rosters: Rosters$;
	/** A standard message about a topic. */
	standard(action: string, payload: unknown, topic: string, ref: string | number): boolean;
}

export class Topic<P extends Protocol = Protocol> extends Channel$<P> {
	/** Its name on the wire. */
	readonly name: string;
	/** Who follows it, where the contract says `presence`. */
	readonly presence: Roster<InfoOf$<P>>;
	readonly #host: TopicHost$;
	readonly #states = new Listeners$<[TopicState]>();
	#state: TopicState = "unsubscribed";
	#wanted = false;
	#asked: string | number | null = null;
	#waiting: { resolve: () => void; reject: (error: RequestError) => void }[] = [];
	#before = false;

	constructor(host: TopicHost$, spec: TopicSpec$, name: string) {
		super(host, spec, name, []);
		this.#host = host;
		this.name = name;
		this.presence = host.rosters.get(name) as unknown as Roster<InfoOf$<P>>;
		this.outbox.close(new RequestError("not_subscribed", "The topic has not been subscribed to."));
	}

	get state(): TopicState {
		return this.#state;
	}

	onState(listener: (state: TopicState) => void): () => void {
		return this.#states.add(listener);
	}

	/** Follows it from now on, on this connection and those that come after it. Resolves when the server has said yes. */
	subscribe(): Promise<void> {
		this.#wanted = true;
		if (this.#state === "subscribed")
			return Promise.resolve();
		const answer = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
		answer.catch(() => {
			/* Those who do not wait hear of it through onState. */
		});
		this.outbox.reopen();
		if (this.#state !== "subscribing") {
			this.#tell("subscribing");
			this.#ask();
		}
		return answer;
	}

	/** Follows it no longer. What waits to be sent is given up. */
	unsubscribe(): void {
		if (!this.#wanted)
			return;
		this.#wanted = this.#before = false;
		this.#asked = null;
		this.positions = new Positions$();
		this.presence.doubt();
		if (this.#host.live && this.#state !== "refused")
			this.#host.standard("unsubscribe", undefined, this.name, this.#host.refs.next());
		this.#end(new RequestError("not_subscribed", "The topic is no longer followed."), "unsubscribed");
	}

	protected get ready(): boolean {
		return this.#state === "subscribed";
	}

	#ask(): void {
		if (!this.#host.live)
			return;
		const [position] = this.positions.all;
		this.#asked = this.#host.refs.next();
		this.#host.standard("subscribe", position ?? (this.spec.recoverable ? { epoch: "", seq: 0 } : undefined), this.name, this.#asked);
	}

	/* ---- called by the client ---- */

	connected(): void {
		if (this.#wanted && this.#state !== "refused") {
			this.#tell("subscribing");
			this.#ask();
		}
	}

	disconnected(final: boolean, error: RequestError): void {
		this.#asked = null;
		if (final)
			this.#end(error, this.#wanted && this.#state !== "refused" ? "subscribing" : this.#state);
		else if (this.#state === "subscribed")
			this.#tell("subscribing");
	}

	/** Requests that were given back when the connection was lost. */
	get parcels() {
		return this.outbox;
	}

	frame(text: string, frame: Frame$, action: string | undefined): void {
		const ref = this.#host.wire.refOf(frame);
		if (action === "subscribed")
			this.#subscribed(at$(frame, "payload"), ref);
		else if (action === "unsubscribed")
			this.#left(ref);
		else if (action === "recovered")
			this.#settle(at$(frame, "payload"));
		else if (action === "error" && ref !== undefined && ref === this.#asked)
			this.#refused(frame);
		else if (this.#wanted || this.#host.refs.find(ref))
			this.receive(text, frame, action);
		/* What comes otherwise was on its way when it was left. */
	}

	#settle(payload: unknown): void {
		const { recovered, epoch, seq } = (payload ?? {}) as { recovered?: boolean; epoch?: string; seq?: number };
		if (typeof recovered === "boolean" && this.positions.settle(this.name, recovered, epoch ?? "", seq ?? 0) && this.#before)
			this.gaps.tell({ group: this.name });
	}

	#subscribed(payload: unknown, ref: string | number | undefined): void {
		if (!this.#wanted || this.#asked === null || ref !== this.#asked)
			return;
		this.#asked = null;
		/* With `recovered` true what was missed follows, and then a message that says where the stream stands. */
		if ((payload as { recovered?: unknown } | null | undefined)?.recovered !== true)
			this.#settle(payload);
		this.#before = true;
		this.#tell("subscribed");
		for (const { resolve } of this.#waiting.splice(0))
			resolve();
		this.outbox.flush();
	}

	/* Without a ref it is the server's own doing: access was withdrawn, say. */
	#left(ref: string | number | undefined): void {
		if (!this.#wanted || ref !== undefined)
			return;
		this.#wanted = this.#before = false;
		this.#end(new RequestError("not_subscribed", "The server has ended the subscription."), "unsubscribed");
	}

	#refused(frame: Frame$): void {
		this.#asked = null;
		this.#end(errorOf$(at$(frame, "payload")), "refused");
	}

	#end(error: RequestError, state: TopicState): void {
		this.#tell(state);
		for (const { reject } of this.#waiting.splice(0))
			reject(error);
		this.outbox.close(error);
	}

	#tell(state: TopicState): void {
		if (state === this.#state)
			return;
		this.#state = state;
		this.#states.tell(state);
	}
}

/* ---- client ---- */

/** A token, and until when it is good (as Date.now()); that of a JWT is read from it. */
type Token$ = string | { token: string; expiresAt?: number };

/** Who the client is. A session's cookie needs nothing of this: browsers send it. */
export type ClientCredentials<P extends Protocol> =
	/** A ticket, fetched for each connection; in the URL, or as the first frame. */
	| { ticket: () => Promise<string> | string; in?: "url" | "frame" }
	/** A token, fetched for each connection and before it expires; as the first frame, so that it is in no log. */
	| { token: () => Promise<Token$> | Token$ }
	/** Name and password, in a header: for programs, since browsers cannot. */
	| { name: string; password: string }
	/** A message of the contract as the first frame; made of what the server says first, where it does. */
	| { [K in P["first"] & keyof P["send"]]: { message: K; body: (greeting: P["greeting"]) => Promise<P["send"][K]> | P["send"][K] } }[P["first"] & keyof P["send"]];

interface Options$<P extends Protocol> extends ConnectionOptions$ {
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
	Options$<P> & (Record<never, never> extends P["params"] ? { params?: P["params"] } : { params: P["params"] });

type Topics$<T> = { readonly [K in keyof T]: T[K] extends Protocol ? (params: T[K]["params"]) => Topic<T[K]> : never };
type PresenceOf$<R> = {
	readonly [K in keyof R]: R[K] extends { params: infer Params; info: infer Info } ? (params: Params) => Roster<Info> : never;
};

const FIRST_REFRESH_LEAST$ = 1_000;

export class Client<P extends Protocol = Protocol> extends Channel$<P> {
	/** Handles of topics, by their parameters; the same parameters give the same handle. */
	readonly topics: Topics$<P["topics"]>;
	/** Rosters of the groups that this connection is in, by the groups' parameters. */
	readonly presence: PresenceOf$<P["presence"]>;
	/** Rosters by the groups' names on the wire. */
	readonly rosters: Rosters$;

	readonly #options: Options$<P>;
	readonly #path: string;
	readonly #connection: Connection$;
	readonly #handles = new Map<string, Topic<never>>();
	readonly #states = new Listeners$<[ClientState]>();
	readonly #draining = new Listeners$<[number]>();
	readonly #recovered = new Listeners$<[{ group: string; recovered: boolean }]>();
	readonly #refreshed = new Listeners$<[number]>();
	#opening: { resolve: () => void; reject: (error: RequestError) => void }[] = [];
	#refresh: Timer$ | null = null;
	#expiresAt: number | undefined;

	constructor(spec: ConsumerSpec$, shapes: Shapes$, groups: { readonly [name: string]: readonly (string | ParamSpec$)[] }, options: ClientOptions<P>) {
		options ??= {} as ClientOptions<P>; /* of programs without types */
		const wire = new Wire$(shapes, spec);
		const refs = new Refs$(spec.refIsInt === true);
		const channel: ChannelHost$ = {
			wire, shapes, refs,
			queue: options.queue ?? {},
			timeout: options.timeout ?? 15_000,
			validator: options.validator,
			put: (parcel) => this.#connection.send(wire.write(parcel.message, parcel.body, parcel.envelope)),
			raw: (text) => this.#connection.send(text),
		};
		super(channel, spec, undefined, options.positions ?? []);
		this.rosters = new Rosters$();
		this.#options = options;
		this.#path = pathOf$(spec, (options.params ?? {}) as Record<string, unknown>);
		const { auth } = options;
		if (auth && "name" in auth && "password" in auth)
			options = { ...options, headers: { ...options.headers, authorization: `Basic ${basic$(auth.name, auth.password)}` } };
		this.#connection = new Connection$({
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
			[name, (params: Record<string, unknown>) => this.rosters.get(groupName$(parts, params))])) as unknown as PresenceOf$<P["presence"]>;
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
		if (!this.#options.WebSocket && !host$.WebSocket)
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

	async #firstFrame(frame: Frame$ | undefined): Promise<string | null> {
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

	async #token(provider: () => Promise<Token$> | Token$): Promise<string> {
		const given = await provider();
		const { token, expiresAt } = typeof given === "string" ? { token: given, expiresAt: undefined } : given;
		this.#expiresAt = expiresAt ?? expiryOf$(token);
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
		cancel$(this.#refresh);
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
		cancel$(this.#refresh);
		if (!auth || !("token" in auth) || this.#expiresAt === undefined || !this.spec.std)
			return;
		const left = this.#expiresAt - Date.now();
		const ahead = Math.min(60_000, left * 0.2);
		this.#refresh = after$(Math.max(FIRST_REFRESH_LEAST$, left - ahead), () => {
			if (this.#expiresAt !== undefined && this.#expiresAt - Date.now() > ahead * 2)
				this.#scheduleRefresh();
			else
				this.#sendRefresh(auth.token);
		});
	}

	#sendRefresh(provider: () => Promise<Token$> | Token$): void {
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

	#frame(text: string, frame: Frame$): void {
		const { keys, envelope } = this.spec;
		const tag = this.spec.std ? at$(frame, keys[0]!) : undefined;
		const action = typeof tag === "string" ? tag : undefined;
		const name = envelope.topic === undefined ? undefined : at$(frame, envelope.topic);
		const topic = typeof name === "string" ? this.#handles.get(name) : undefined;

		if (action === "presence_state" || action === "presence_diff")
			this.rosters.take(action, at$(frame, "payload"));
		else if (topic)
			topic.frame(text, frame, action);
		else if (name !== undefined && this.spec.topics && this.host.refs.find(this.host.wire.refOf(frame)) === undefined)
			return; /* of a topic that is followed no longer */
		else if (!this.#own(action, frame))
			this.receive(text, frame, action);
	}

	/** Standard messages about the connection itself. */
	#own(action: string | undefined, frame: Frame$): boolean {
		const payload = at$(frame, "payload");
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

	#topicHandles(spec: ConsumerSpec$, channel: ChannelHost$): Topics$<P["topics"]> {
		const client = this;
		const topicHost: TopicHost$ = {
			...channel,
			get live() {
				return client.ready;
			},
			rosters: this.rosters,
			standard: (action, payload, topic, ref) => channel.raw(this.#standard(action, payload, topic, ref)),
		};
		const made = Object.entries(spec.topics ?? {}).map(([kind, each]) => [kind, (params: Record<string, unknown>) => {
			const name = groupName$(each.group, params ?? {});
			let handle = this.#handles.get(name);
			if (!handle)
				this.#handles.set(name, handle = new Topic<never>(topicHost, each, name));
			return handle;
		}] as const);
		return Object.fromEntries(made) as unknown as Topics$<P["topics"]>;
	}
}

function basic$(name: string, password: string): string {
	return base64Of$(Uint8Array.from(utf8Bytes$(`${name}:${password}`)));
}

function utf8Bytes$(text: string): number[] {
	return (encodeURIComponent(text).match(/%[0-9A-F]{2}|[^]/g) ?? []).map((unit) =>
		unit.length === 3 ? parseInt(unit.slice(1), 16) : unit.charCodeAt(0));
}

/** When a JWT expires, in ms; undefined where it does not say, or is none. */
function expiryOf$(token: string): number | undefined {
	const [, payload] = token.split(".");
	if (!payload)
		return undefined;
	try {
		const { exp } = JSON.parse(host$.atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as { exp?: unknown };
		return typeof exp === "number" ? exp * 1000 : undefined;
	} catch {
		return undefined;
	}
}
