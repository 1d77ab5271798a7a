/* SPDX-License-Identifier: MIT */
/*
 * channel.ts - what a consumer and a topic have in common: typed sending, requests, listeners, questions of the server, rosters and
 * positions. Knows nothing of sockets.
 */
import { errorOf, InvalidError, type Problem, RefusalError, RequestError } from "./errors.js";
import { Listeners } from "./host.js";
import { Outbox, type Parcel, type Pending, type QueueOptions, type Refs, type RequestOptions, type SendOptions } from "./outbox.js";
import { type StreamPosition, Positions } from "./positions.js";
import type { Shapes } from "./shapes.js";
import type { FrameSpec } from "./validate.js";
import { at, type ConsumerSpec, type Envelope, type Frame, type MessageSpec, Wire } from "./wire.js";

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

type Arguments<Body, Options> = Record<never, never> extends Body ? [body?: Body, options?: Options] : [body: Body, options?: Options];

export type Senders<S> = { readonly [K in keyof S]: (...args: Arguments<S[K], SendOptions>) => string };
export type Requesters<S, A> = {
	readonly [K in keyof A]: (...args: Arguments<K extends keyof S ? S[K] : never, RequestOptions>) => Promise<A[K]>;
};
/** Every message that may come in, told apart by its discriminator. */
export type Incoming<P extends Protocol> = P["incoming"][keyof P["incoming"]];
type Replies<A> = { readonly [K in keyof A]: (...args: Record<never, never> extends A[K] ? [body?: A[K]] : [body: A[K]]) => void };
type QuestionOf<Ask> = Ask extends { question: infer Q } ? Q : never;
type RepliesTo<Ask> = Ask extends { answers: infer A } ? Replies<A> : never;

/** Says what is wrong with a frame that came in: the generated `validator`. */
export interface Validator {
	(spec: FrameSpec, shapes: Shapes, message: MessageSpec, frame: Frame): Problem[];
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
export interface ChannelHost {
	readonly wire: Wire;
	readonly shapes: Shapes;
	readonly refs: Refs;
	readonly queue: QueueOptions | false;
	readonly timeout: number;
	readonly validator: Validator | undefined;
	put(parcel: Parcel): boolean;
	raw(text: string): boolean;
}

const STANDARD_COMPLETIONS = new Set(["complete", "group_complete", "event_complete"]);

export abstract class Channel<P extends Protocol> {
	/** Sends and does not wait. Returns the frame's ref. Throws a RequestError where it cannot be sent and not be kept. */
	readonly send: Senders<P["send"]>;
	/** Sends and waits for the answer, or where there is none for its completion. Rejects with a RequestError. */
	readonly request: Requesters<P["send"], P["answers"]>;

	protected readonly spec: ConsumerSpec;
	protected readonly host: ChannelHost;
	protected readonly outbox: Outbox;
	protected positions: Positions;
	readonly #topic: string | undefined;
	readonly #byName = new Map<string, Listeners<[never]>>();
	readonly #everything = new Listeners<[never]>();
	readonly #unknown = new Listeners<[UnknownMessage]>();
	readonly #problems = new Listeners<[RequestError]>();
	readonly #completions = new Listeners<[Completion]>();
	protected readonly gaps = new Listeners<[StreamGap]>();
	readonly #questions = new Map<string, (question: never, reply: never) => void | Promise<void>>();

	protected constructor(host: ChannelHost, spec: ConsumerSpec, topic: string | undefined, positions: readonly StreamPosition[]) {
		this.host = host;
		this.spec = spec;
		this.#topic = topic;
		this.positions = new Positions(positions);
		this.outbox = new Outbox(host.refs, host.queue, (parcel) => this.ready && host.put(parcel), (error) => this.#problems.tell(error));
		const send: Record<string, unknown> = {};
		const request: Record<string, unknown> = {};
		for (const name of Object.keys(spec.sends)) {
			send[name] = (body?: unknown, options?: SendOptions) => this.#send(name, body, options ?? {});
			request[name] = (body?: unknown, options?: RequestOptions) => this.#request(name, body, options ?? {});
		}
		this.send = send as Senders<P["send"]>;
		this.request = request as Requesters<P["send"], P["answers"]>;
	}

	/** Messages can be sent now. */
	protected abstract get ready(): boolean;

	/* ---- what the program hears ---- */

	/** Messages of one kind, in the order in which they came. Returns the function that ends it. */
	on<K extends keyof P["incoming"] & string>(name: K, listener: (message: P["incoming"][K]) => void): () => void {
		let listeners = this.#byName.get(name);
		if (!listeners)
			this.#byName.set(name, listeners = new Listeners());
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
		handler: (question: QuestionOf<P["asks"][K]>, reply: RepliesTo<P["asks"][K]>) => void | Promise<void>): () => void {
		const own = handler as (question: never, reply: never) => void | Promise<void>;
		this.#questions.set(name, own);
		return () => {
			if (this.#questions.get(name) === own)
				this.#questions.delete(name);
		};
	}

	/* ---- what the program says ---- */

	#envelope(options: SendOptions): Envelope {
		const { wire, refs } = this.host;
		const envelope: Envelope = {};
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
	protected receive(text: string, frame: Frame, action: string | undefined): void {
		const { wire, refs } = this.host;
		const ref = wire.refOf(frame);
		const pending = refs.find(ref);

		if (action !== undefined && STANDARD_COMPLETIONS.has(action))
			this.#complete(action as Completion["kind"], ref, pending);
		else if (action === "error")
			this.#error(frame, ref, pending);
		else if (!pending || !this.#answer(frame, pending))
			this.#message(text, frame, ref);
	}

	#complete(kind: Completion["kind"], ref: string | number | undefined, pending: Pending | undefined): void {
		if (kind === "complete" && pending?.answers === null)
			pending.resolve(undefined);
		else if (kind === "complete" && pending)
			pending.reject(new RequestError("unanswered", "The server has dealt with it and sent no answer.", String(ref)));
		this.#completions.tell({ kind, ref: ref === undefined ? undefined : String(ref) });
	}

	#error(frame: Frame, ref: string | number | undefined, pending: Pending | undefined): void {
		const error = errorOfFrame(frame, ref);
		if (pending)
			pending.reject(error);
		else
			this.#problems.tell(error);
	}

	#answer(frame: Frame, pending: Pending): boolean {
		const { wire } = this.host;
		const candidates: Record<string, MessageSpec> = {};
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

	#refusal(frame: Frame, pending: Pending): boolean {
		const { wire } = this.host;
		const message = this.spec.error === undefined ? undefined : this.spec.incoming[this.spec.error];
		if (!message || wire.recognise(frame, { message }, wire.spec.keys) === undefined)
			return false;
		pending.reject(new RefusalError(wire.read(frame, message), String(wire.refOf(frame))));
		return true;
	}

	#problemsOf(message: MessageSpec, frame: Frame): Problem[] {
		return this.host.validator?.(this.host.wire.spec, this.host.shapes, message, frame) ?? [];
	}

	#message(text: string, frame: Frame, ref: string | number | undefined): void {
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
		if (seq !== undefined && epoch !== undefined && !this.positions.admit(at(frame, epoch), at(frame, seq)))
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
				const envelope: Envelope = this.#topic === undefined ? {} : { topic: this.#topic };
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

function errorOfFrame(frame: Frame, ref: string | number | undefined): RequestError {
	return errorOf(at(frame, "payload"), ref === undefined ? undefined : String(ref));
}
