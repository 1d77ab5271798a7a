/* SPDX-License-Identifier: MIT */
/*
 * One's own messages on their way: sent but not yet heard back, refused, or in doubt because the connection went. Nothing is
 * sent twice on its own: what is in doubt is looked for in the history that follows, and what is not there is offered again.
 */

export class Outbox {
	#log;
	#send;
	#edit;
	#entries = []; /* {ref, text, handle, doubtful}, oldest first; those that failed are out of it */
	#refs = 0;

	/** send(message) tells whether it left; edit(text) puts a text back before its author. */
	constructor(log, { send, edit }) {
		this.#log = log;
		this.#send = send;
		this.#edit = edit;
	}

	/** False: not connected, nothing happened. */
	send(text) {
		const ref = `m${++this.#refs}`;
		if (!this.#send({ action: "chat", payload: text, ref }))
			return false;
		this.#entries.push({ ref, text, handle: this.#log.addPending(text), doubtful: false });
		return true;
	}

	/** One of this connection's own came back to the room. They come in the order in which they were sent. */
	arrived() {
		this.#resolve(this.#entries.find((entry) => !entry.doubtful));
	}

	completed(ref) {
		this.#resolve(this.#byRef(ref));
	}

	/** False: no message of ours has that ref. */
	refused(ref, sentence) {
		const entry = this.#byRef(ref);
		if (!entry)
			return false;
		this.#fail(entry, sentence);
		return true;
	}

	disconnected() {
		for (const entry of this.#entries)
			entry.doubtful = true;
	}

	/** What was said by this user since the connection went, as history tells it: texts, oldest first. */
	reconcile(texts) {
		const left = [...texts];
		for (const entry of this.#entries.filter((each) => each.doubtful)) {
			const index = left.indexOf(entry.text);
			if (index >= 0) {
				left.splice(0, index + 1);
				this.#resolve(entry);
			} else {
				this.#fail(entry, "Not sent: the connection was lost.");
			}
		}
	}

	#byRef(ref) {
		return this.#entries.find((entry) => entry.ref === ref);
	}

	#resolve(entry) {
		if (!entry)
			return;
		this.#entries.splice(this.#entries.indexOf(entry), 1);
		this.#log.dropPending(entry.handle);
	}

	#fail(entry, sentence) {
		this.#entries.splice(this.#entries.indexOf(entry), 1);
		this.#log.failPending(entry.handle, sentence, [
			["Send again", () => {
				if (this.send(entry.text))
					this.#log.dropPending(entry.handle);
			}],
			["Edit", () => {
				this.#edit(entry.text);
				this.#log.dropPending(entry.handle);
			}],
		]);
	}
}
