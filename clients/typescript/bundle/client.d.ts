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
export type WebSocketConstructor = new (url: string, protocols?: string[], options?: {
	headers: Record<string, string>;
}) => WebSocketLike;
/** An AbortSignal. */
export interface AbortLike {
	readonly aborted: boolean;
	addEventListener(type: "abort", listener: () => void): void;
	removeEventListener(type: "abort", listener: () => void): void;
}
/** Functions that are told of something; an error of one is nobody else's. */
declare class Listeners$<Args extends unknown[]> {
	#private;
	/** Returns the function that takes it away again. */
	add(listener: (...args: Args) => void): () => void;
	tell(...args: Args): boolean;
}
/** A place in a stream. */
export interface StreamPosition {
	epoch: string;
	seq: number;
}
declare class Positions$ {
	#private;
	constructor(from?: readonly StreamPosition[]);
	/** To be kept, and handed to the next client of the same address. */
	get all(): StreamPosition[];
	/** False: it has been shown already. */
	admit(epoch: unknown, seq: unknown): boolean;
	/**
	 * A stream's place as the server tells it. True: something may be missing. Without `recovered` that is so unless nothing was known
	 * of the stream before, or nothing has come since.
	 */
	settle(group: string, recovered: boolean, epoch: string, seq: number): boolean;
	/** For the URL: pairs of epoch and seq; an empty epoch asks where the streams stand. */
	get query(): string;
}
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
export declare class Roster<Info = unknown> {
	#private;
	readonly group: string;
	/** group: its name on the wire. */
	constructor(group: string);
	/** By id, in the order in which they came; empty where the group is too large to be listed. */
	get users(): ReadonlyMap<string, PresentUser<Info>>;
	/** How many users there are, listed or not. */
	get count(): number;
	/** The server has told it, and the connection has been there since. */
	get known(): boolean;
	/** `users` has them all. */
	get listed(): boolean;
	onChange(listener: (change: PresenceChange<Info>) => void): () => void;
	/** The payload of a presence_state. */
	state(payload: PresencePayload$): void;
	/** The payload of a presence_diff. */
	diff(payload: PresencePayload$): void;
	/** The connection is gone: what is known may be old. */
	doubt(): void;
}
/** The rosters of all groups of a connection, by name. */
declare class Rosters$ {
	#private;
	get(group: string): Roster<never>;
	doubt(): void;
	/** False: the payload is none of a presence message. */
	take(action: string, payload: unknown): boolean;
}
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
declare class Refs$ {
	#private;
	constructor(asInt: boolean);
	next(): string | number;
	order(): number;
	/** It has been sent, and its answer may come. */
	expect(parcel: Parcel$): void;
	find(ref: string | number | undefined): Pending$ | undefined;
	forget(ref: string | number | undefined): void;
	/** The connection is gone: those whose answer may still be had are given back, the others have failed. */
	lost(): Parcel$[];
}
/** What one consumer or topic has to send. */
declare class Outbox$ {
	#private;
	/** put: sends a frame, or says that it cannot now. */
	constructor(refs: Refs$, options: QueueOptions | false, put: (parcel: Parcel$) => boolean, dropped: (error: RequestError) => void);
	get waiting(): number;
	/** Throws where it can neither be sent nor kept. */
	send(message: MessageSpec$, body: unknown, envelope: Envelope$): void;
	request(message: MessageSpec$, body: unknown, envelope: Envelope$, answers: readonly string[] | null, options: RequestOptions, timeout: number): Promise<unknown>;
	/** The way is free: what waits goes, in its order. */
	flush(): void;
	/** Before what waits already, as they were given earlier. */
	giveBack(parcels: Parcel$[]): void;
	/** Nothing will be sent any more, until flush() or reopen(). */
	close(error: RequestError): void;
	reopen(): void;
}
/** What a client says of its connection. */
export type ClientState = 
/** Not opened yet. */
{
	readonly name: "idle";
} | {
	readonly name: "connecting";
	readonly attempt: number;
}
/** Authenticated: what is sent arrives. */
 | {
	readonly name: "live";
}
/** It was lost, and will be tried again at `until` (as Date.now()); `code` is how it was closed. */
 | {
	readonly name: "waiting";
	readonly until: number;
	readonly code: number;
	readonly reason: string;
}
/** The browser has no network; as soon as there is one it will be tried. */
 | {
	readonly name: "offline";
	readonly code: number;
	readonly reason: string;
}
/** It will not be tried again: closed by the program (code 1000), or coming back would not help. */
 | {
	readonly name: "closed";
	readonly code: number;
	readonly reason: string;
};
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
	heartbeat?: {
		every?: number;
		within?: number;
	} | false;
	/** How long connecting and authenticating may take together, in ms. 15 000. */
	connectWithin?: number;
}
/** Whether it makes sense to come back after a close code. */
export declare function mayReconnect(code: number): boolean;
/** How long to wait before an attempt (0 is the first): anything up to a limit that doubles, so that clients that lost one server
 * together do not come back together. */
export declare function backoff(attempt: number, options?: ReconnectOptions): number;
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
type Senders$<S> = {
	readonly [K in keyof S]: (...args: Arguments$<S[K], SendOptions>) => string;
};
type Requesters$<S, A> = {
	readonly [K in keyof A]: (...args: Arguments$<K extends keyof S ? S[K] : never, RequestOptions>) => Promise<A[K]>;
};
/** Every message that may come in, told apart by its discriminator. */
export type Incoming<P extends Protocol> = P["incoming"][keyof P["incoming"]];
type Replies$<A> = {
	readonly [K in keyof A]: (...args: Record<never, never> extends A[K] ? [body?: A[K]] : [body: A[K]]) => void;
};
type QuestionOf$<Ask> = Ask extends {
	question: infer Q;
} ? Q : never;
type RepliesTo$<Ask> = Ask extends {
	answers: infer A;
} ? Replies$<A> : never;
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
declare abstract class Channel$<P extends Protocol> {
	#private;
	/** Sends and does not wait. Returns the frame's ref. Throws a RequestError where it cannot be sent and not be kept. */
	readonly send: Senders$<P["send"]>;
	/** Sends and waits for the answer, or where there is none for its completion. Rejects with a RequestError. */
	readonly request: Requesters$<P["send"], P["answers"]>;
	protected readonly spec: ConsumerSpec$;
	protected readonly host: ChannelHost$;
	protected readonly outbox: Outbox$;
	protected positions: Positions$;
	protected readonly gaps: Listeners$<[StreamGap]>;
	protected constructor(host: ChannelHost$, spec: ConsumerSpec$, topic: string | undefined, positions: readonly StreamPosition[]);
	/** Messages can be sent now. */
	protected abstract get ready(): boolean;
	/** Messages of one kind, in the order in which they came. Returns the function that ends it. */
	on<K extends keyof P["incoming"] & string>(name: K, listener: (message: P["incoming"][K]) => void): () => void;
	/** Every message of the contract: a switch over its discriminator is complete. Behind the listeners of on(). */
	onMessage(listener: (message: Incoming<P>) => void): () => void;
	/** What this version of the contract does not know. */
	onUnknown(listener: (message: UnknownMessage) => void): () => void;
	/** Errors of the server that no request waits for, and messages that a validator refused. */
	onProblem(listener: (error: RequestError) => void): () => void;
	/** Where the consumer says `completion`: a frame of ours, a group message, an event has been dealt with. */
	onCompletion(listener: (completion: Completion) => void): () => void;
	/** Missed messages could not be recovered. */
	onGap(listener: (gap: StreamGap) => void): () => void;
	/** Answers a question of the server, with one of the methods of `reply`. There is one handler for each question. */
	answer<K extends keyof P["asks"] & string>(name: K, handler: (question: QuestionOf$<P["asks"][K]>, reply: RepliesTo$<P["asks"][K]>) => void | Promise<void>): () => void;
	/** A frame for this channel. `action`: its name among standard messages, where there are any. */
	protected receive(text: string, frame: Frame$, action: string | undefined): void;
	/** Text that is no frame at all. */
	protected receiveGarbled(text: string): void;
	/** For what the client finds out itself. */
	protected problem(error: RequestError): void;
}
export type TopicState = "unsubscribed" | "subscribing" | "subscribed" | "refused";
/** Who its roster shows. */
type InfoOf$<P extends Protocol> = P["presence"] extends {
	self: {
		info: infer I;
	};
} ? I : unknown;
/** What a topic asks of its client. */
interface TopicHost$ extends ChannelHost$ {
	readonly live: boolean;
	readonly rosters: Rosters$;
	/** A standard message about a topic. */
	standard(action: string, payload: unknown, topic: string, ref: string | number): boolean;
}
export declare class Topic<P extends Protocol = Protocol> extends Channel$<P> {
	#private;
	/** Its name on the wire. */
	readonly name: string;
	/** Who follows it, where the contract says `presence`. */
	readonly presence: Roster<InfoOf$<P>>;
	constructor(host: TopicHost$, spec: TopicSpec$, name: string);
	get state(): TopicState;
	onState(listener: (state: TopicState) => void): () => void;
	/** Follows it from now on, on this connection and those that come after it. Resolves when the server has said yes. */
	subscribe(): Promise<void>;
	/** Follows it no longer. What waits to be sent is given up. */
	unsubscribe(): void;
	protected get ready(): boolean;
	connected(): void;
	disconnected(final: boolean, error: RequestError): void;
	/** Requests that were given back when the connection was lost. */
	get parcels(): Outbox$;
	frame(text: string, frame: Frame$, action: string | undefined): void;
}
/** A token, and until when it is good (as Date.now()); that of a JWT is read from it. */
type Token$ = string | {
	token: string;
	expiresAt?: number;
};
/** Who the client is. A session's cookie needs nothing of this: browsers send it. */
export type ClientCredentials<P extends Protocol> = 
/** A ticket, fetched for each connection; in the URL, or as the first frame. */
{
	ticket: () => Promise<string> | string;
	in?: "url" | "frame";
}
/** A token, fetched for each connection and before it expires; as the first frame, so that it is in no log. */
 | {
	token: () => Promise<Token$> | Token$;
}
/** Name and password, in a header: for programs, since browsers cannot. */
 | {
	name: string;
	password: string;
}
/** A message of the contract as the first frame; made of what the server says first, where it does. */
 | {
	[K in P["first"] & keyof P["send"]]: {
		message: K;
		body: (greeting: P["greeting"]) => Promise<P["send"][K]> | P["send"][K];
	};
}[P["first"] & keyof P["send"]];
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
export type ClientOptions<P extends Protocol> = Options$<P> & (Record<never, never> extends P["params"] ? {
	params?: P["params"];
} : {
	params: P["params"];
});
type Topics$<T> = {
	readonly [K in keyof T]: T[K] extends Protocol ? (params: T[K]["params"]) => Topic<T[K]> : never;
};
type PresenceOf$<R> = {
	readonly [K in keyof R]: R[K] extends {
		params: infer Params;
		info: infer Info;
	} ? (params: Params) => Roster<Info> : never;
};
export declare class Client<P extends Protocol = Protocol> extends Channel$<P> {
	#private;
	/** Handles of topics, by their parameters; the same parameters give the same handle. */
	readonly topics: Topics$<P["topics"]>;
	/** Rosters of the groups that this connection is in, by the groups' parameters. */
	readonly presence: PresenceOf$<P["presence"]>;
	/** Rosters by the groups' names on the wire. */
	readonly rosters: Rosters$;
	constructor(spec: ConsumerSpec$, shapes: Shapes$, groups: {
		readonly [name: string]: readonly (string | ParamSpec$)[];
	}, options: ClientOptions<P>);
	get state(): ClientState;
	/** Is told of every change, and at once of what is so now. */
	onState(listener: (state: ClientState) => void): () => void;
	/** The server is about to close, and has said when to come back (in ms). */
	onDraining(listener: (reconnectAfter: number) => void): () => void;
	/** What was missed in a group has been told; `recovered` false: some of it could not be, see onGap. */
	onRecovered(listener: (group: {
		group: string;
		recovered: boolean;
	}) => void): () => void;
	/** The credentials have been renewed: until when. */
	onRefreshed(listener: (expiresAt: number) => void): () => void;
	/**
	 * Connects, and stays connected until close(). Resolves when it is live for the first time, rejects when it is closed for good
	 * before that. Waiting for the next attempt, it attempts now.
	 */
	connect(): Promise<void>;
	/** Ends it. What waits is given up; connect() begins again. */
	close(code?: number, reason?: string): void;
	/** Where it stands in the streams, for the `positions` of a later client. */
	get recoverableFrom(): StreamPosition[];
	protected get ready(): boolean;
}
export {};
