/* SPDX-License-Identifier: MIT */
/*
 * One connection to a room that keeps itself alive: authentication, heart-beat, reconnecting with back-off and jitter, and the
 * server's hints when to come back. Knows the protocol, not the page.
 *
 * States, told through onState({name, …}): "connecting"; "live"; "waiting" with `until` (ms, as Date.now()); "offline" (the browser
 * has no network); "stopped" with `code` and `detail`: coming back would not help.
 */

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const STEADY_AFTER = 5_000;
const AUTHENTICATE_WITHIN = 15_000;
const PING_EVERY = 25_000;
const PONG_WITHIN = 10_000;

/* Not authenticated, forbidden, no such room, credentials expired. */
const FINAL_CODES = new Set([4401, 4403, 4404, 4410]);
/* At least this long, in ms: going away (a restart takes a moment), try later, too many frames. */
const LEAST_DELAY = { 1001: 300, 1013: 5_000, 4429: 10_000 };

/** Exponential, half of it random: clients that lost one server together do not come back together. */
export function backoff(attempt, random = Math.random) {
	const whole = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** Math.min(attempt, 16));
	return whole / 2 + random() * whole / 2;
}

export class RoomSocket {
	#url;
	#onState;
	#onMessage;
	#socket = null;
	#attempt = 0;
	#hint = 0;
	#refusal = null;
	#position = null;
	#timers = {};
	#live = false;
	#stopped = false;

	constructor(path, { onState, onMessage }) {
		this.#url = new URL(path, location.href);
		this.#url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
		this.#onState = onState;
		this.#onMessage = onMessage;
		addEventListener("online", () => this.retry());
		addEventListener("offline", () => this.#probe());
		document.addEventListener("visibilitychange", () => {
			if (document.visibilityState === "visible")
				this.retry();
		});
	}

	get live() {
		return this.#live;
	}

	/** Connects now, unless it is connected or connecting. Also the way back out of "stopped". */
	open() {
		this.#stopped = false;
		this.#connect();
	}

	/** Does not wait any longer for the next attempt. */
	retry() {
		if (!this.#stopped)
			this.#connect();
	}

	/** False when nothing was sent: not connected. */
	send(message) {
		if (!this.#live || this.#socket.readyState !== WebSocket.OPEN)
			return false;
		this.#socket.send(JSON.stringify(message));
		return true;
	}

	#connect() {
		if (this.#socket)
			return;
		this.#clear();
		this.#refusal = null;
		this.#hint = 0;
		this.#onState({ name: "connecting" });
		/* What was missed comes first: from the last message that carried a position. */
		if (this.#position) {
			this.#url.searchParams.set("epoch", this.#position.epoch);
			this.#url.searchParams.set("seq", this.#position.seq);
		}
		const socket = new WebSocket(this.#url);
		this.#socket = socket;
		socket.onmessage = (event) => this.#socket === socket && this.#receive(event.data);
		socket.onclose = (event) => this.#socket === socket && this.#closed(event);
		this.#after("authenticate", AUTHENTICATE_WITHIN, () => this.#drop());
	}

	#receive(data) {
		let message;
		try {
			message = JSON.parse(data);
		} catch {
			return;
		}
		if (message === null || typeof message !== "object")
			return;
		clearTimeout(this.#timers.pong);
		if (message.action === "authentication")
			this.#authenticated(message.payload ?? {});
		else if (message.action === "draining")
			this.#hint = Number(message.payload?.reconnect_after_ms) || 0;
		else if (message.action === "ping")
			this.send({ action: "pong" });
		else if (message.action === "recovered")
			this.#remember(message.payload ?? {});
		else if (message.action !== "pong") {
			this.#remember(message);
			this.#onMessage(message);
		}
	}

	#remember({ epoch, seq }) {
		if (typeof epoch === "string" && epoch !== "" && Number.isSafeInteger(seq))
			this.#position = { epoch, seq };
	}

	#authenticated(payload) {
		if (payload.status_code !== 200) {
			/* The close that follows ends it; this says why. */
			this.#refusal = { status: payload.status_code, detail: payload.data?.detail ?? payload.status_text ?? "" };
			return;
		}
		clearTimeout(this.#timers.authenticate);
		this.#live = true;
		this.#after("steady", STEADY_AFTER, () => {
			this.#attempt = 0;
		});
		this.#timers.ping = setInterval(() => this.#probe(), PING_EVERY);
		this.#onState({ name: "live" });
	}

	/* A peer that is gone without a word does not answer. */
	#probe() {
		if (this.send({ action: "ping" }))
			this.#after("pong", PONG_WITHIN, () => this.#drop());
	}

	/* Gives a connection up at once: close() alone may wait for an answer that never comes. */
	#drop() {
		const socket = this.#socket;
		if (!socket)
			return;
		socket.close();
		this.#closed({ code: 1006, reason: "" });
	}

	#closed({ code, reason }) {
		this.#clear();
		this.#socket = null;
		this.#live = false;
		if (FINAL_CODES.has(code)) {
			this.#stopped = true;
			this.#onState({ name: "stopped", code, detail: this.#refusal?.detail || reason });
			return;
		}
		const delay = this.#hint || Math.max(backoff(this.#attempt), this.#least(code));
		this.#attempt++;
		this.#after("retry", delay, () => this.#connect());
		this.#onState(navigator.onLine ? { name: "waiting", until: Date.now() + delay } : { name: "offline" });
	}

	#least(code) {
		const least = LEAST_DELAY[code] ?? 0;
		return least + Math.random() * least / 2;
	}

	#after(name, delay, action) {
		clearTimeout(this.#timers[name]);
		this.#timers[name] = setTimeout(action, delay);
	}

	#clear() {
		for (const timer of Object.values(this.#timers))
			clearTimeout(timer);
		this.#timers = {};
	}
}
