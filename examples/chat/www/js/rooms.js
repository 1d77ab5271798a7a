/* SPDX-License-Identifier: MIT */
/*
 * The list of rooms: one's own, those one may join, and a way to open a new one.
 */
import * as api from "./api.js";
import { busy, byId, el, say, show } from "./dom.js";
import { dressAvatar, fillMe, membersText } from "./people.js";
import { since } from "./time.js";

const problem = byId("problem");

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
	if (!room.is_member) {
		const button = el("button", { type: "button", class: "button", "aria-label": `Join ${room.title}` }, "Join");
		button.addEventListener("click", () => join(room, button));
		row.append(button);
	}
	return row;
}

async function load() {
	const rooms = await api.rooms();
	const mine = rooms.filter((room) => room.is_member);
	const others = rooms.filter((room) => !room.is_member);
	byId("mine").replaceChildren(...mine.map(item));
	byId("others").replaceChildren(...others.map(item));
	show(byId("mine-empty"), mine.length === 0);
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
		await api.logout().catch(() => {});
		location.assign("/login.html");
	}));
	try {
		fillMe(await api.requireMe());
		show(byId("me"), true);
		await load();
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
