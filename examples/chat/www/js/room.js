/* SPDX-License-Identifier: MIT */
/*
 * The page of one room: joins the contract's client, log, outbox and composer, and says in words what goes on. What each message does
 * here stands in listen().
 */
import * as api from "./api.js";
import { InvalidError, RetryLaterError, TalkClient } from "./chat.js";
import { Composer } from "./composer.js";
import { busy, byId, el, show } from "./dom.js";
import { MessageLog } from "./log.js";
import { Outbox } from "./outbox.js";
import { dressAvatar, fillMe, hereText, membersText } from "./people.js";

const slug = new URLSearchParams(location.search).get("room") ?? "";

let me;
let room;
let talk;
let outbox;
let composer;
let unread = 0;
let waitTimer = 0;

const log = new MessageLog(byId("log"), byId("empty"), byId("newer"));

/* ---- what the page says ---- */

function problem(sentence) {
	byId("problem-text").textContent = sentence;
	show(byId("problem"), Boolean(sentence));
}

function setTitle() {
	document.title = `${unread ? `(${unread}) ` : ""}${room?.title ?? "Room"} · Chat`;
}

function noteUnread() {
	if (document.visibilityState === "visible")
		return;
	unread++;
	setTitle();
}

const GATES = {
	4401: ["You are not logged in", "Your session has ended. Log in to go on; nothing that was said is lost.", "login"],
	4403: ["You are not a member of this room", "Its messages are for members. Join, and you see the last fifty at once.", "join"],
	4404: ["There is no such room", "It may have been closed, or the address is not quite right.", ""],
	4410: ["Your session has ended", "Log in to go on; nothing that was said is lost.", "login"],
};

function gate(code, detail) {
	const [title, text, way] = GATES[code] ?? ["The room is closed to you", "The server ended the connection.", ""];
	byId("gate-title").textContent = title;
	byId("gate-text").textContent = text;
	byId("gate-code").textContent = detail ? `${code} · ${detail}` : String(code);
	show(byId("gate-join"), way === "join");
	show(byId("gate-login"), way === "login");
	byId("gate-login").href = api.loginUrl();
	setGate(true);
}

function setGate(closed) {
	show(byId("gate"), closed);
	show(document.querySelector(".log-frame"), !closed);
	show(document.querySelector(".foot"), !closed);
}

function tellState(name, text) {
	byId("state").dataset.state = name;
	byId("state-text").textContent = text;
	show(byId("retry"), name === "waiting" || name === "offline");
}

function countDown(until) {
	const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
	tellState("waiting", seconds > 1 ? `Reconnecting in ${seconds} s` : "Reconnecting");
}

/* ---- what the wire says ---- */

function sentenceOf(fault) {
	if (fault.type === "string_too_long")
		return `A message has at most ${fault.ctx?.max_length ?? 2000} characters.`;
	if (fault.type === "string_too_short")
		return "There is nothing in this message.";
	return fault.msg;
}

function explain(error) {
	if (error instanceof InvalidError)
		return [...new Set(error.problems.map(sentenceOf))].join(" ");
	if (error instanceof RetryLaterError && error.reason === "rate_limited")
		return error.retryAfter > 1 ? `That was too fast. Wait ${Math.ceil(error.retryAfter)} s.` : "That was too fast. Wait a moment.";
	if (["timeout", "closed", "queue_full"].includes(error.reason))
		return "Not sent: there is no connection.";
	return error.message;
}

function listen() {
	talk.on("history", ({ payload }) => log.addHistory(payload.map((entry) => ({
		id: entry.id,
		name: entry.username,
		display: entry.display_name,
		text: entry.message,
		at: new Date(entry.timestamp),
		mine: entry.username === me.name,
	}))));
	talk.on("chat_posted", (message) => {
		if (message.is_mine)
			outbox.arrived(message.payload);
		const added = log.add({
			id: message.id,
			name: message.username,
			display: message.display_name,
			text: message.payload,
			at: new Date(message.timestamp),
			mine: message.is_mine,
		});
		if (added && !message.is_mine)
			noteUnread();
	});
	for (const [name, verb] of [["user_joined", "joined"], ["user_left", "left"]])
		talk.on(name, ({ payload, is_mine }) => {
			if (!is_mine)
				log.notice(payload.username, payload.display_name, verb, new Date(payload.timestamp));
		});
	const roster = talk.presence.chat_room({ room_id: room.id });
	roster.onChange(() => {
		byId("about").textContent = `${membersText(room.members)} · ${hereText(roster)}`;
	});
	talk.onProblem((error) => problem(explain(error)));
	talk.onState(onState);
}

function onState(state) {
	clearInterval(waitTimer);
	if (state.name === "live") {
		tellState("live", "Live");
		setGate(false);
		problem("");
		composer.tell("");
		return;
	}
	composer.tell("Not connected. What you write is sent when the connection is back.");
	if (state.name === "idle" || state.name === "connecting") {
		tellState("connecting", "Connecting");
	} else if (state.name === "offline") {
		tellState("offline", "No network");
	} else if (state.name === "waiting") {
		countDown(state.until);
		waitTimer = setInterval(() => countDown(state.until), 500);
	} else {
		tellState("stopped", "Closed");
		gate(state.code, state.reason);
	}
}

/* ---- what the visitor does ---- */

async function join(button) {
	await busy(button, async () => {
		try {
			showRoom(await api.joinRoom(slug));
			talk.connect();
			fillSidebar().catch(() => {});
		} catch (error) {
			byId("gate-text").textContent = error.message;
		}
	});
}

function showRoom(found) {
	room = found;
	byId("title").textContent = room.title;
	byId("about").textContent = membersText(room.members);
	setTitle();
}

async function fillSidebar() {
	const mine = (await api.rooms()).filter((each) => each.is_member);
	byId("side-rooms").replaceChildren(...mine.map((each) => {
		const tile = el("span", { class: "tile small", "aria-hidden": true });
		dressAvatar(tile, each.slug, each.title);
		const current = each.slug === slug ? "page" : null;
		return el("li", {}, el("a", { href: api.roomUrl(each.slug), "aria-current": current }, tile,
			el("span", { dir: "auto" }, each.title)));
	}));
}

function wire() {
	byId("retry").addEventListener("click", () => talk.connect());
	byId("problem-close").addEventListener("click", () => problem(""));
	byId("gate-join").addEventListener("click", (event) => join(event.currentTarget));
	byId("logout").addEventListener("click", (event) => busy(event.currentTarget, async () => {
		await api.logout().catch(() => {});
		location.assign("/login.html");
	}));
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible") {
			unread = 0;
			setTitle();
		}
	});
}

function connect() {
	talk = new TalkClient({ params: { room_id: room.id }, timeout: 60_000 });
	outbox = new Outbox(log, {
		send: (text) => talk.request.chat({ payload: text }, { idempotent: true }),
		edit: (text) => composer.restore(text),
		explain,
	});
	composer = new Composer(byId("composer"), {
		hint: byId("hint-text"),
		count: byId("count"),
		draftKey: `draft:${me.name}:${slug}`,
		submit: (text) => {
			problem("");
			outbox.send(text);
		},
	});
	listen();
	talk.connect();
	if (matchMedia("(hover: hover)").matches)
		composer.focus();
}

async function start() {
	wire();
	try {
		me = await api.requireMe();
		fillMe(me);
		fillSidebar().catch(() => {});
		showRoom(await api.roomBySlug(slug));
	} catch (error) {
		byId("title").textContent = "Room";
		tellState("stopped", "Closed");
		if (error.status === 404)
			gate(4404, "");
		else
			problem(error.message);
		return;
	}
	connect();
}

start();
