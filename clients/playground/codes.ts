/* SPDX-License-Identifier: MIT */
/*
 * codes.ts - close codes and reasons of errors in words, as docs/protocol.md has them. Knows nothing of connections.
 */
export interface CloseWords {
	title: string;
	words: string;
	/** What to do about it. */
	next: string;
	bad: boolean;
}

const AGAIN = "Reconnect: it will pass.";
const NO_USE = "Reconnecting would end the same way.";

const CODES: Record<number, CloseWords> = {
	1000: { title: "Done", words: "One side said that it is finished.", next: "Connect again whenever you like.", bad: false },
	1001: { title: "Going away", words: "The server drains: it is stopped or restarted.", next: "Reconnect after the time that draining has named.", bad: false },
	1002: { title: "Protocol error", words: "One side broke the WebSocket protocol.", next: NO_USE, bad: true },
	1003: { title: "Binary frame", words: "A binary frame came where none is spoken.", next: NO_USE, bad: true },
	1005: { title: "No code", words: "The connection was closed without saying why.", next: AGAIN, bad: false },
	1006: {
		title: "Broken off, or refused",
		words: "There was no close frame: the line broke, nobody listens there, or the handshake was refused. Browsers hide its HTTP status; "
			+ "it may be 404 (no such address, or a URL parameter that its type refuses), 403 (the Origin is foreign), 429 (too many handshakes) or 503 (too many connections).",
		next: "Look at the parameters, and at the server's log.", bad: true,
	},
	1007: { title: "Not UTF-8", words: "A text frame was not valid UTF-8.", next: NO_USE, bad: true },
	1008: { title: "Policy", words: "The server does not allow this.", next: NO_USE, bad: true },
	1009: { title: "Too big", words: "A message was larger than frame-limit allows.", next: NO_USE, bad: true },
	1010: { title: "Extension missing", words: "An extension that one side needs was not agreed upon.", next: NO_USE, bad: true },
	1011: { title: "The server failed", words: "Something went wrong inside the server; its log says what.", next: AGAIN, bad: true },
	1012: { title: "Restarting", words: "The service restarts.", next: AGAIN, bad: false },
	1013: { title: "Try again later", words: "The server has too much to do.", next: "Reconnect in a few seconds.", bad: true },
	4400: { title: "Broken contract", words: "A frame broke the contract, and this protocol has no message to say so; the reason names the first problem.", next: "Mend the frame.", bad: true },
	4401: { title: "Not authenticated", words: "No credential was recognised.", next: "Log in, or choose another way to say who you are.", bad: true },
	4403: { title: "Forbidden", words: "The server knows you, and you may not come in here; or a handler refused.", next: NO_USE, bad: true },
	4404: { title: "No such object", words: "What the URL names does not exist, or is not for you.", next: "Look at the URL parameters.", bad: true },
	4408: { title: "Too slow", words: "Too slow to authenticate, or to read what was sent.", next: AGAIN, bad: true },
	4409: { title: "Conflict", words: "A conflict, and this protocol has no message to say so.", next: NO_USE, bad: true },
	4410: { title: "Credentials ended", words: "The credentials have expired, or were revoked.", next: "Log in again.", bad: true },
	4429: { title: "Too many frames", words: "Too many frames, or too many that broke the contract.", next: "Wait a little, then reconnect.", bad: true },
};

export function closeWords(code: number): CloseWords {
	const known = CODES[code];
	if (known)
		return known;
	return code >= 4000
		? { title: "The application's own", words: "This code belongs to the program behind the contract.", next: "Its documents say what to do.", bad: true }
		: { title: "Closed", words: "This code says nothing that is agreed upon here.", next: AGAIN, bad: true };
}

/** All that are known, for the help. */
export const closeCodes: readonly (readonly [number, CloseWords])[] = Object.entries(CODES).map(([code, words]) => [Number(code), words] as const);

const REASONS: Record<string, string> = {
	not_stored: "What the frame says could not be kept; nobody has seen it.",
	handler_failed: "The server's handler failed.",
	refused: "The handler says no, in its own words.",
	rate_limited: "Too many frames; try again after retry_after seconds.",
	busy: "The server cannot take this now; try again after retry_after seconds.",
	too_large: "The answer does not fit.",
	conflict: "Another message had this message_id.",
	lost: "The frame with this message_id took effect, but its answer could not be kept.",
	unknown_topic: "No topic of this connection is called so, or there is no such object.",
	unauthorized: "The topic's permit says no.",
	not_subscribed: "This client does not follow that topic.",
};

export function reasonWords(reason: string): string {
	return REASONS[reason] ?? "";
}
