/* SPDX-License-Identifier: MIT */
/*
 * The HTTP side of the chat: JSON in and out, errors as ApiError with the server's own reason and detail. Knows no page.
 */

export class ApiError extends Error {
	/** status 0: the server could not be reached. */
	constructor(status, reason, detail, retryAfter = 0) {
		super(detail);
		this.status = status;
		this.reason = reason;
		this.retryAfter = retryAfter;
	}
}

async function bodyOf(response) {
	try {
		return await response.json();
	} catch {
		return {};
	}
}

async function request(method, path, body) {
	const options = { method, credentials: "same-origin", headers: { accept: "application/json" }, cache: "no-store" };
	if (method !== "GET") {
		options.headers["content-type"] = "application/json";
		options.body = JSON.stringify(body ?? {});
	}
	let response;
	try {
		response = await fetch(path, options);
	} catch {
		throw new ApiError(0, "unreachable", "The server cannot be reached. Is it running?");
	}
	const answer = await bodyOf(response);
	if (response.ok)
		return answer;
	const retryAfter = Number(response.headers.get("retry-after")) || 0;
	throw new ApiError(response.status, answer.error?.reason ?? "failed",
		answer.error?.detail ?? `The server answered ${response.status}.`, retryAfter);
}

const room = (slug) => `/api/rooms/${encodeURIComponent(slug)}`;

export const login = (name, password) => request("POST", "/api/login", { name, password });
export const signup = (name, display, password) => request("POST", "/api/signup", { name, display, password });
export const logout = () => request("POST", "/api/logout");
export const me = async () => (await request("GET", "/api/me")).user;
export const rooms = async () => (await request("GET", "/api/rooms")).rooms;
export const roomBySlug = async (slug) => (await request("GET", room(slug))).room;
export const joinRoom = async (slug) => (await request("POST", `${room(slug)}/join`)).room;
export const createRoom = async (title) => (await request("POST", "/api/rooms", { title })).room;

/** Where a room is read. */
export const roomUrl = (slug) => `/room.html?room=${encodeURIComponent(slug)}`;

/** The login page, coming back to this one. */
export const loginUrl = () => `/login.html?next=${encodeURIComponent(location.pathname + location.search)}`;

/** Who is logged in; where nobody is, the login page opens and the promise never settles. */
export async function requireMe() {
	try {
		return await me();
	} catch (error) {
		if (error.status !== 401)
			throw error;
		location.replace(loginUrl());
		return new Promise(() => {});
	}
}
