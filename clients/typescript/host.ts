/* SPDX-License-Identifier: MIT */
/*
 * host.ts - what the client uses of its surroundings: a browser, or Node from version 20 on. Described here, so that programs need
 * neither the DOM's types nor Node's.
 */

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
export type WebSocketConstructor = new (url: string, protocols?: string[], options?: { headers: Record<string, string> }) => WebSocketLike;

/** An AbortSignal. */
export interface AbortLike {
	readonly aborted: boolean;
	addEventListener(type: "abort", listener: () => void): void;
	removeEventListener(type: "abort", listener: () => void): void;
}

export type Timer = { readonly timer: unknown };

interface Host {
	WebSocket?: WebSocketConstructor;
	URL: new (url: string, base?: string) => { protocol: string; pathname: string; search: string; hash: string; href: string };
	setTimeout(action: () => void, delay: number): unknown;
	clearTimeout(timer: unknown): void;
	crypto: { getRandomValues(bytes: Uint8Array): Uint8Array };
	atob(text: string): string;
	location?: { href: string };
	navigator?: { onLine?: boolean };
	document?: { visibilityState: string; addEventListener(type: string, listener: () => void): void;
		removeEventListener(type: string, listener: () => void): void };
	addEventListener?(type: string, listener: () => void): void;
	removeEventListener?(type: string, listener: () => void): void;
}

export const host = globalThis as unknown as Host;

const LONGEST_TIMER = 2 ** 31 - 1;

/** Longer ones than a timer can wait go off early: whoever waits looks at the clock. */
export function after(delay: number, action: () => void): Timer {
	return { timer: host.setTimeout(action, Math.min(Math.max(0, delay), LONGEST_TIMER)) };
}

export function cancel(timer: Timer | null | undefined): void {
	if (timer)
		host.clearTimeout(timer.timer);
}

/** 128 random bits in hexadecimal: a name for a message that nobody else gives. */
export function randomId(): string {
	return Array.from(host.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Functions that are told of something; an error of one is nobody else's. */
export class Listeners<Args extends unknown[]> {
	readonly #listeners = new Set<(...args: Args) => void>();

	/** Returns the function that takes it away again. */
	add(listener: (...args: Args) => void): () => void {
		const own = (...args: Args) => listener(...args);
		this.#listeners.add(own);
		return () => {
			this.#listeners.delete(own);
		};
	}

	tell(...args: Args): boolean {
		for (const listener of [...this.#listeners])
			try {
				listener(...args);
			} catch (error) {
				after(0, () => {
					throw error;
				});
			}
		return this.#listeners.size > 0;
	}
}
