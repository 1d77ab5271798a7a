/* SPDX-License-Identifier: MIT */
/*
 * One's own messages on their way: shown as being sent, then heard back or refused. That they arrive, and once, is the client's affair:
 * each has an id, and goes again when the connection was lost before the answer.
 */

export class Outbox {
	#log;
	#send;
	#edit;
	#explain;
	#entries = new Set(); /* {text, handle}, oldest first */

	/** send(text) gives a promise; edit(text) puts a text back before its author; explain(error) has words for what went wrong. */
	constructor(log, { send, edit, explain }) {
		this.#log = log;
		this.#send = send;
		this.#edit = edit;
		this.#explain = explain;
	}

	send(text) {
		const entry = { text, handle: this.#log.addPending(text) };
		this.#entries.add(entry);
		this.#send(text).then(() => this.#resolve(entry), (error) => this.#fail(entry, error));
	}

	/** One of this user's came to the room. What is being sent is not shown beside it. */
	arrived(text) {
		this.#resolve([...this.#entries].find((entry) => entry.text === text));
	}

	#resolve(entry) {
		if (this.#entries.delete(entry))
			this.#log.dropPending(entry.handle);
	}

	#fail(entry, error) {
		if (!this.#entries.delete(entry))
			return;
		this.#log.failPending(entry.handle, this.#explain(error), [
			["Send again", () => {
				this.#log.dropPending(entry.handle);
				this.send(entry.text);
			}],
			["Edit", () => {
				this.#edit(entry.text);
				this.#log.dropPending(entry.handle);
			}],
		]);
	}
}
