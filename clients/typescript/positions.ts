/* SPDX-License-Identifier: MIT */
/*
 * positions.ts - where one stands in the streams of a connection or a topic: what is new, what to ask for on coming back, and what is
 * missing. Knows nothing of sockets.
 */

/** A place in a stream. */
export interface StreamPosition {
	epoch: string;
	seq: number;
}

/** So many a server looks at. */
const MOST_POSITIONS = 16;

export class Positions {
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
		if (this.#groups.size === 1 || this.#shown.size > MOST_POSITIONS)
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
