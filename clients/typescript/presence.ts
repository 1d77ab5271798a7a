/* SPDX-License-Identifier: MIT */
/*
 * presence.ts - who is in a group, kept up to date from presence_state and presence_diff. Knows nothing of sockets.
 */
import { Listeners } from "./host.js";

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

interface PresencePayload {
	group: string;
	users?: PresentUser<never>[];
	joins?: PresentUser<never>[];
	leaves?: PresentUser<never>[];
	count: number;
}

/** Who is in one group. */
export class Roster<Info = unknown> {
	readonly #users = new Map<string, PresentUser<Info>>();
	readonly #listeners = new Listeners<[PresenceChange<Info>]>();
	#count = 0;
	#known = false;
	#listed = false;

	/** group: its name on the wire. */
	constructor(readonly group: string) {}

	/** By id, in the order in which they came; empty where the group is too large to be listed. */
	get users(): ReadonlyMap<string, PresentUser<Info>> {
		return this.#users;
	}

	/** How many users there are, listed or not. */
	get count(): number {
		return this.#count;
	}

	/** The server has told it, and the connection has been there since. */
	get known(): boolean {
		return this.#known;
	}

	/** `users` has them all. */
	get listed(): boolean {
		return this.#known && this.#listed;
	}

	onChange(listener: (change: PresenceChange<Info>) => void): () => void {
		return this.#listeners.add(listener);
	}

	/** The payload of a presence_state. */
	state(payload: PresencePayload): void {
		const users = (payload.users ?? []) as PresentUser<Info>[];
		const ids = new Set(users.map((user) => user.id));
		const left = [...this.#users.values()].filter((user) => !ids.has(user.id));
		const joined = users.filter((user) => !this.#users.has(user.id));
		const changed = users.filter((user) => isOther(this.#users.get(user.id), user));
		this.#users.clear();
		for (const user of users)
			this.#users.set(user.id, user);
		this.#count = payload.count;
		this.#known = true;
		this.#listed = payload.users !== undefined;
		this.#listeners.tell({ joined, changed, left });
	}

	/** The payload of a presence_diff. */
	diff(payload: PresencePayload): void {
		const joined: PresentUser<Info>[] = [];
		const changed: PresentUser<Info>[] = [];
		const left: PresentUser<Info>[] = [];
		for (const user of (payload.leaves ?? []) as PresentUser<Info>[]) {
			if (this.#users.delete(user.id) || !this.#listed)
				left.push(user);
		}
		for (const user of (payload.joins ?? []) as PresentUser<Info>[]) {
			if (!this.#users.has(user.id))
				joined.push(user);
			else if (isOther(this.#users.get(user.id), user))
				changed.push(user);
			if (this.#listed)
				this.#users.set(user.id, user);
		}
		this.#count = payload.count;
		this.#listeners.tell({ joined, changed, left });
	}

	/** The connection is gone: what is known may be old. */
	doubt(): void {
		this.#known = false;
	}
}

function isOther<Info>(old: PresentUser<Info> | undefined, user: PresentUser<Info>): boolean {
	return old !== undefined && JSON.stringify(old) !== JSON.stringify(user);
}

/** The rosters of all groups of a connection, by name. */
export class Rosters {
	readonly #rosters = new Map<string, Roster<never>>();

	get(group: string): Roster<never> {
		let roster = this.#rosters.get(group);
		if (!roster)
			this.#rosters.set(group, roster = new Roster(group));
		return roster;
	}

	doubt(): void {
		for (const roster of this.#rosters.values())
			roster.doubt();
	}

	/** False: the payload is none of a presence message. */
	take(action: string, payload: unknown): boolean {
		const { group, count } = (payload ?? {}) as Partial<PresencePayload>;
		if (typeof group !== "string" || typeof count !== "number")
			return false;
		if (action === "presence_state")
			this.get(group).state(payload as PresencePayload);
		else
			this.get(group).diff(payload as PresencePayload);
		return true;
	}
}
