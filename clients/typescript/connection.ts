/* SPDX-License-Identifier: MIT */
/*
 * connection.ts - one connection that keeps itself alive: address, credentials, heart-beat, coming back. Knows frames only as far as
 * standard messages concern the connection itself.
 */
import { after, cancel, host, type Timer, type WebSocketConstructor, type WebSocketLike } from "./host.js";
import { at, type Frame } from "./wire.js";

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

export interface ConnectionOptions {
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
const FINAL = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010, 4400, 4401, 4403, 4404, 4409, 4410]);
/* Other codes of 4000 to 4999 are some contract's own; these are known to pass. */
const PASSING = new Set([4408, 4429]);
/** Not before, in ms: the server has said that it has too much to do. */
const LEAST_DELAY: Record<number, number> = { 1013: 5_000, 4429: 10_000 };
const STEADY_AFTER = 5_000;

/** Whether it makes sense to come back after a close code. */
export function mayReconnect(code: number): boolean {
	return !FINAL.has(code) && (code < 4000 || PASSING.has(code));
}

/** How long to wait before an attempt (0 is the first): anything up to a limit that doubles, so that clients that lost one server
 * together do not come back together. */
export function backoff(attempt: number, options: ReconnectOptions = {}): number {
	const most = Math.min(options.longestDelay ?? 30_000, (options.firstDelay ?? 500) * 2 ** Math.min(attempt, 16));
	return (options.random ?? Math.random)() * most;
}

/** What the connection asks of the client around it. */
export interface Keeper {
	/** Path and query; may take its time (a ticket). Rejected: tried again as if the connection had failed. */
	address(): Promise<string>;
	subprotocols: readonly string[];
	/** The first frame where credentials are in one; null: none. greeting: what the server has said first. */
	firstFrame(greeting: Frame | undefined): Promise<string | null>;
	/** The server speaks first, before it knows the client. */
	greets: boolean;
	/** A standard message without members of its own. */
	plain(action: string, ref?: string | number): string;
	refOf(frame: Frame): string | number | undefined;
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
	onFrame(text: string, frame: Frame): void;
	parse(text: string): Frame | null;
	onRefusal(status: number, detail: string): void;
}

export class Connection {
	readonly #keeper: Keeper;
	readonly #options: ConnectionOptions;
	#socket: WebSocketLike | null = null;
	#number = 0;
	#state: ClientState = { name: "idle" };
	#attempt = 0;
	#renewals = 0;
	#hint: number | null = null;
	#refusal = "";
	#greeted = false;
	#timers: Partial<Record<"connect" | "steady" | "ping" | "pong" | "retry", Timer>> = {};
	#unwatch: (() => void) | null = null;

	constructor(keeper: Keeper, options: ConnectionOptions) {
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
		this.#unwatch ??= watch(() => this.#reachable(), () => this.#doubtful());
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
		const Socket = this.#options.WebSocket ?? host.WebSocket;
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
		const base = this.#options.url ?? host.location?.href;
		if (base === undefined)
			throw new Error("The client needs the server's url");
		const url = new host.URL(base, host.location?.href);
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

	#introduce(socket: WebSocketLike, greeting: Frame | undefined): void {
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
		cancel(this.#timers.pong);
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
		const action = this.#keeper.key === null ? undefined : at(frame, this.#keeper.key);
		if (action === "authentication")
			this.#authenticated(at(frame, "payload"));
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
		cancel(this.#timers.connect);
		this.#after("steady", STEADY_AFTER, () => {
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
		const delay = this.#hint ?? (LEAST_DELAY[code] ?? 0) * (1 + (reconnect?.random ?? Math.random)() / 2) + backoff(this.#attempt, reconnect);
		this.#attempt++;
		this.#keeper.onDown(false, code, reason);
		this.#after("retry", delay, () => this.#connect());
		this.#tell(host.navigator?.onLine === false ? { name: "offline", code, reason }
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
		cancel(this.#timers[name]);
		this.#timers[name] = after(delay, () => {
			delete this.#timers[name];
			action();
		});
	}

	#forget(): void {
		for (const timer of Object.values(this.#timers))
			cancel(timer);
		this.#timers = {};
	}
}

/** Browsers say when the network comes and goes, and when somebody looks again. */
function watch(reachable: () => void, doubtful: () => void): () => void {
	const { document } = host;
	const seen = () => document?.visibilityState === "visible" && reachable();
	host.addEventListener?.("online", reachable);
	host.addEventListener?.("offline", doubtful);
	document?.addEventListener("visibilitychange", seen);
	return () => {
		host.removeEventListener?.("online", reachable);
		host.removeEventListener?.("offline", doubtful);
		document?.removeEventListener("visibilitychange", seen);
	};
}
