/* SPDX-License-Identifier: MIT */
/*
 * topic.ts - a topic that a client follows over its connection: subscribing, coming back to it, leaving it.
 */
import { Channel, type ChannelHost, type Protocol } from "./channel.js";
import { errorOf, RequestError } from "./errors.js";
import { Listeners } from "./host.js";
import { Roster, type Rosters } from "./presence.js";
import { Positions } from "./positions.js";
import { at, type Frame, type TopicSpec } from "./wire.js";

export type TopicState = "unsubscribed" | "subscribing" | "subscribed" | "refused";

/** Who its roster shows. */
type InfoOf<P extends Protocol> = P["presence"] extends { self: { info: infer I } } ? I : unknown;

/** What a topic asks of its client. */
export interface TopicHost extends ChannelHost {
	readonly live: boolean;
	readonly rosters: Rosters;
	/** A standard message about a topic. */
	standard(action: string, payload: unknown, topic: string, ref: string | number): boolean;
}

export class Topic<P extends Protocol = Protocol> extends Channel<P> {
	/** Its name on the wire. */
	readonly name: string;
	/** Who follows it, where the contract says `presence`. */
	readonly presence: Roster<InfoOf<P>>;
	readonly #host: TopicHost;
	readonly #states = new Listeners<[TopicState]>();
	#state: TopicState = "unsubscribed";
	#wanted = false;
	#asked: string | number | null = null;
	#waiting: { resolve: () => void; reject: (error: RequestError) => void }[] = [];
	#before = false;

	constructor(host: TopicHost, spec: TopicSpec, name: string) {
		super(host, spec, name, []);
		this.#host = host;
		this.name = name;
		this.presence = host.rosters.get(name) as unknown as Roster<InfoOf<P>>;
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
		this.positions = new Positions();
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

	frame(text: string, frame: Frame, action: string | undefined): void {
		const ref = this.#host.wire.refOf(frame);
		if (action === "subscribed")
			this.#subscribed(at(frame, "payload"), ref);
		else if (action === "unsubscribed")
			this.#left(ref);
		else if (action === "recovered")
			this.#settle(at(frame, "payload"));
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

	#refused(frame: Frame): void {
		this.#asked = null;
		this.#end(errorOf(at(frame, "payload")), "refused");
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
