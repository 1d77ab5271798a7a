/* SPDX-License-Identifier: MIT */
/*
 * The list of rooms: one's own, those one may join, and a way to open a new one. One connection follows the news of one's own, so
 * that a room in which something is said says so while one looks.
 */
import * as api from "./api.js";
import { LobbyClient } from "./chat.js";
import { busy, byId, el, say, show } from "./dom.js";
import { dressAvatar, fillMe, membersText } from "./people.js";
import { since } from "./time.js";

const problem = byId("problem");

const lobby = new LobbyClient({});

/** One's own rooms by their number: {room, row, news}, where news is what has been said since the list was read. */
const mine = new Map();

function about(room) {
	const members = membersText(room.members);
	return room.last_message_at ? `${members} · last message ${since(new Date(room.last_message_at))}` : members;
}

async function join(room, button) {
	say(problem, "");
	await busy(button, async () => {
		try {
			await api.joinRoom(room.slug);
			location.assign(api.roomUrl(room.slug));
		} catch (error) {
			say(problem, error.message);
		}
	});
}

function item(room) {
	const tile = el("span", { class: "tile", "aria-hidden": true });
	dressAvatar(tile, room.slug, room.title);
	const title = room.is_member
		? el("a", { class: "room-title", href: api.roomUrl(room.slug), dir: "auto" }, room.title)
		: el("span", { class: "room-title", dir: "auto" }, room.title);
	const row = el("li", { class: room.is_member ? "room-item mine" : "room-item", "data-slug": room.slug }, tile,
		el("div", { class: "room-text" }, title, el("span", { class: "room-about" }, about(room))));
	if (room.is_member) {
		row.append(el("span", { class: "room-news", hidden: true }, el("span", { class: "dot", "aria-hidden": true }), el("span")));
	} else {
		const button = el("button", { type: "button", class: "button", "aria-label": `Join ${room.title}` }, "Join");
		button.addEventListener("click", () => join(room, button));
		row.append(button);
	}
	return row;
}

/* ---- news ---- */

function draw({ room, row, news }) {
	const mark = row.querySelector(".room-news");
	show(mark, Boolean(news));
	row.classList.toggle("has-news", Boolean(news));
	if (news)
		mark.lastChild.textContent = `New · ${since(new Date(news.timestamp))}`;
	row.querySelector(".room-about").replaceChildren(
		...news ? [el("bdi", {}, news.display_name), ": ", el("bdi", {}, news.beginning)] : [about(room)]);
}

function hear(own, { payload, is_mine }) {
	own.room.last_message_at = payload.timestamp;
	own.news = is_mine ? null : payload; // who speaks has read what was there
	draw(own);
	if (!is_mine)
		byId("heard").textContent = `New in ${own.room.title}: ${payload.display_name}: ${payload.beginning}`;
}

/** The row of a room of one's own, which is followed from now on. */
function follow(room) {
	let own = mine.get(room.id);
	if (!own) {
		own = {};
		mine.set(room.id, own);
		const topic = lobby.topics.room_news({ room_id: room.id });
		topic.on("news", (message) => hear(own, message));
		topic.subscribe().catch(() => {}); // the room is in the list all the same
	}
	Object.assign(own, { room, row: item(room), news: null });
	draw(own);
	return own.row;
}

/** News are not kept: what was said before the connection was there is in the list, read anew. Rows stay, and with them the focus. */
async function catchUp() {
	for (const room of await api.rooms()) {
		const own = mine.get(room.id);
		if (own) {
			own.room = room;
			draw(own);
		}
	}
}

function listen() {
	lobby.onState((state) => {
		if (state.name === "live")
			catchUp().catch(() => {});
		else if (state.name === "closed" && [4401, 4410].includes(state.code))
			location.replace(api.loginUrl());
	});
	lobby.connect();
	setInterval(() => mine.forEach(draw), 30_000);
}

async function load() {
	const rooms = await api.rooms();
	const own = rooms.filter((room) => room.is_member);
	const others = rooms.filter((room) => !room.is_member);
	byId("mine").replaceChildren(...own.map(follow));
	byId("others").replaceChildren(...others.map(item));
	show(byId("mine-empty"), own.length === 0);
	show(byId("others-section"), others.length > 0);
}

function wireCreate(form) {
	const input = form.querySelector("input");
	const fault = form.querySelector(".form-error");
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const title = input.value.trim();
		if (!title) {
			fault.textContent = "A room needs a title.";
			input.focus();
			return;
		}
		busy(form.querySelector("button"), async () => {
			try {
				const room = await api.createRoom(title);
				location.assign(api.roomUrl(room.slug));
			} catch (error) {
				fault.textContent = error.message;
			}
		});
	});
	input.addEventListener("input", () => {
		fault.textContent = "";
	});
}

async function start() {
	wireCreate(byId("create"));
	byId("logout").addEventListener("click", (event) => busy(event.currentTarget, async () => {
		lobby.close();
		await api.logout().catch(() => {});
		location.assign("/login.html");
	}));
	try {
		fillMe(await api.requireMe());
		show(byId("me"), true);
		await load();
		listen();
	} catch (error) {
		say(problem, error.message);
	}
	show(byId("page"), true);
}

/* Back from a room (the browser may show a kept page): what happened there belongs into the list. */
addEventListener("pageshow", (event) => {
	if (event.persisted)
		load().catch((error) => say(problem, error.message));
});

start();
