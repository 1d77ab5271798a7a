/* SPDX-License-Identifier: MIT */
/*
 * Points in time as people say them. Words are English like the pages; the clock is the reader's own.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat("en", { weekday: "long" });
const shortDay = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const longDayWithYear = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** A calendar day as a number; days that follow each other differ by one, also where the clocks change. */
export const dayOf = (date) => Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / (24 * HOUR));

/** "Today", "Yesterday", "Monday", "Monday, November 3", "November 3, 2023". */
export function dayName(date, now = new Date()) {
	const ago = dayOf(now) - dayOf(date);
	if (ago === 0)
		return "Today";
	if (ago === 1)
		return "Yesterday";
	if (ago > 1 && ago < 7)
		return weekday.format(date);
	return date.getFullYear() === now.getFullYear() ? longDay.format(date) : longDayWithYear.format(date);
}

/** Within a day that is named above it: "just now", "4 min ago", "14:05". */
export function moment(date, now = new Date()) {
	const ago = now - date;
	/* A sender's clock may be a little ahead of ours. */
	if (ago < MINUTE && ago > -5 * MINUTE)
		return "just now";
	if (ago > 0 && ago < HOUR)
		return `${Math.floor(ago / MINUTE)} min ago`;
	return clock.format(date);
}

/** Without such a day: "just now", "4 min ago", "3 h ago", "yesterday", "Nov 3". */
export function since(date, now = new Date()) {
	const ago = now - date;
	if (ago < HOUR)
		return moment(date, now);
	if (dayOf(now) === dayOf(date))
		return `${Math.floor(ago / HOUR)} h ago`;
	return dayOf(now) - dayOf(date) === 1 ? "yesterday" : shortDay.format(date);
}

export const fullTime = (date) => exact.format(date);
