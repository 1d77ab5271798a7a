/* SPDX-License-Identifier: MIT */
/*
 * How people and rooms look: initials on a colour that belongs to the name, the same on every page and machine.
 */

const TINTS = 8;

/* FNV-1a over UTF-16 units: stable, and good enough to spread names over eight colours. */
function hash(name) {
	let value = 0x811c9dc5;
	for (let i = 0; i < name.length; i++)
		value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
	return (value ^ value >>> 15) >>> 0;
}

export const tint = (name) => `tint-${hash(name) % TINTS}`;

/* First letters of the first and the last word; whole characters, also where they are made of several code points. */
export function initials(display) {
	const words = display.trim().split(/[\s_]+/u).filter(Boolean);
	const first = (word) => {
		const character = [...new Intl.Segmenter().segment(word)][0]?.segment ?? "";
		return character.toLocaleUpperCase();
	};
	if (!words.length)
		return "?";
	return words.length === 1 ? first(words[0]) : first(words[0]) + first(words.at(-1));
}

/** Fills an element of class avatar. */
export function dressAvatar(element, name, display) {
	element.classList.add("avatar", tint(name));
	element.textContent = initials(display);
}

export function membersText(count) {
	return count === 0 ? "No members yet" : count === 1 ? "1 member" : `${count} members`;
}

/** Who is in the room at this moment, as the roster has it. */
export function hereText(roster) {
	const names = [...roster.users.values()].map((user) => user.info.display_name);
	return roster.listed ? `here now: ${names.join(", ")}` : `${roster.count} here now`;
}

/** Who is logged in, in the corner that every page has for it. */
export function fillMe(user) {
	dressAvatar(document.getElementById("me-avatar"), user.name, user.display);
	document.getElementById("me-name").textContent = user.display;
}
