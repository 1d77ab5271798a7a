/* SPDX-License-Identifier: MIT */
/*
 * outbox.ts - what is sent: at once, or when the connection is there again; and what is waited for, by ref. Knows nothing of
 * sockets; frames are texts to it.
 */
import { RequestError } from "./errors.js";
import { after, cancel, randomId, type AbortLike, type Timer } from "./host.js";
import type { Envelope, MessageSpec } from "./wire.js";

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
export interface Parcel {
	readonly message: MessageSpec;
	readonly body: unknown;
	readonly envelope: Envelope;
	/** In the order in which they were given. */
	readonly order: number;
	/** Of a request; undefined: nobody waits for an answer. */
	pending?: Pending;
}

/** A request that has not been answered. */
export interface Pending {
	/** Names of the messages that answer it; null: its completion does. */
	readonly answers: readonly string[] | null;
	resolve(answer: unknown): void;
	reject(error: RequestError): void;
}

/** Numbers, and who waits for which. */
export class Refs {
	readonly #waiting = new Map<string | number, Parcel>();
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
	expect(parcel: Parcel): void {
		if (parcel.envelope.ref !== undefined)
			this.#waiting.set(parcel.envelope.ref, parcel);
	}

	find(ref: string | number | undefined): Pending | undefined {
		return ref === undefined ? undefined : this.#waiting.get(ref)?.pending;
	}

	forget(ref: string | number | undefined): void {
		if (ref !== undefined)
			this.#waiting.delete(ref);
	}

	/** The connection is gone: those whose answer may still be had are given back, the others have failed. */
	lost(): Parcel[] {
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
export class Outbox {
	readonly #refs: Refs;
	readonly #options: QueueOptions | false;
	readonly #put: (parcel: Parcel) => boolean;
	readonly #dropped: (error: RequestError) => void;
	#queue: Parcel[] = [];
	#closed: RequestError | null = null;

	/** put: sends a frame, or says that it cannot now. */
	constructor(refs: Refs, options: QueueOptions | false, put: (parcel: Parcel) => boolean, dropped: (error: RequestError) => void) {
		this.#refs = refs;
		this.#options = options;
		this.#put = put;
		this.#dropped = dropped;
	}

	get waiting(): number {
		return this.#queue.length;
	}

	/** Throws where it can neither be sent nor kept. */
	send(message: MessageSpec, body: unknown, envelope: Envelope): void {
		this.#post({ message, body, envelope, order: this.#refs.order() });
	}

	request(message: MessageSpec, body: unknown, envelope: Envelope, answers: readonly string[] | null, options: RequestOptions,
		timeout: number): Promise<unknown> {
		const id = options.messageId ?? (options.idempotent ? randomId() : undefined);
		return new Promise((resolve, reject) => {
			let timer: Timer | null = null;
			const ref = String(envelope.ref);
			const parcel: Parcel = { message, body, order: this.#refs.order(),
				envelope: id === undefined ? envelope : { ...envelope, message_id: id } };
			const done = () => {
				cancel(timer);
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
			timer = after(timeout, () => fail(new RequestError("timeout", `There was no answer within ${timeout} ms.`, ref)));
			try {
				this.#post(parcel);
			} catch (error) {
				fail(error as RequestError);
			}
		});
	}

	#post(parcel: Parcel): void {
		if (this.#closed)
			throw this.#closed;
		if (this.#queue.length === 0 && this.#deliver(parcel))
			return;
		const limit = this.#options === false ? 0 : this.#options.limit ?? 64;
		if (this.#queue.length >= limit) {
			const oldest = this.#options !== false && this.#options.whenFull === "drop-oldest" ? this.#queue.shift() : undefined;
			if (!oldest)
				throw new RequestError("queue_full", limit === 0 ? "There is no connection." : "Too much waits for the connection.",
					refText(parcel));
			this.#drop(oldest, new RequestError("queue_full", "It was given up for later ones.", refText(oldest)));
		}
		this.#queue.push(parcel);
	}

	#deliver(parcel: Parcel): boolean {
		if (parcel.pending)
			this.#refs.expect(parcel);
		if (this.#put(parcel))
			return true;
		this.#refs.forget(parcel.envelope.ref);
		return false;
	}

	#drop(parcel: Parcel, error: RequestError): void {
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
	giveBack(parcels: Parcel[]): void {
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

function refText(parcel: Parcel): string | undefined {
	return parcel.envelope.ref === undefined ? undefined : String(parcel.envelope.ref);
}
