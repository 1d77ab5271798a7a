/* SPDX-License-Identifier: MIT */
/*
 * formats.ts - the formats of the language, by their RFCs: true where a text has one. Knows nothing of contracts.
 */

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
	const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number) as [number, number, number, number];
	if (year === undefined || month < 1 || month > 12)
		return false;
	const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
	return day >= 1 && day <= DAYS[month - 1]! + (leap ? 1 : 0);
}

/** Minutes of the day in UTC, or null where it is no time; second 60 only where UTC has 23:59. */
function utcMinutes(text: string): number | null {
	const match = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([-+])(\d{2}):(\d{2}))$/.exec(text);
	if (!match)
		return null;
	const [hour, minute, second, offsetHour, offsetMinute] = [1, 2, 3, 5, 6].map((i) => Number(match[i] ?? 0)) as
		[number, number, number, number, number];
	if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59)
		return null;
	const utc = hour * 60 + minute - (match[4] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute);
	return second === 60 && (utc + 2 * 1440) % 1440 !== 1439 ? null : utc;
}

/* A leap second ends a month in UTC. */
function isDateTime(text: string): boolean {
	const [, date, time] = /^(\d{4}-\d{2}-\d{2})[Tt](.*)$/s.exec(text) ?? [];
	if (date === undefined || time === undefined || !isDate(date))
		return false;
	const utc = utcMinutes(time);
	if (utc === null)
		return false;
	if (time.slice(6, 8) !== "60")
		return true;
	const day = new Date(0);
	const [year, month, number] = date.split("-").map(Number) as [number, number, number];
	day.setUTCFullYear(year, month - 1, number + Math.floor(utc / 1440) + 1);
	return day.getUTCDate() === 1;
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const IPV4_WHOLE = new RegExp(`^${IPV4}$`);
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

function isIpv6(text: string): boolean {
	const halves = text.split("::");
	if (halves.length > 2)
		return false;
	let groups = 0;
	for (const [i, half] of halves.entries()) {
		const parts = half === "" ? [] : half.split(":");
		for (const [j, part] of parts.entries()) {
			if (/^[0-9A-Fa-f]{1,4}$/.test(part))
				groups++;
			else if (i === halves.length - 1 && j === parts.length - 1 && IPV4_WHOLE.test(part))
				groups += 2;
			else
				return false;
		}
	}
	return halves.length === 2 ? groups <= 7 : groups === 8;
}

function isHostname(text: string): boolean {
	return text.length <= 253 && HOSTNAME.test(text);
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LOCAL = new RegExp(`^(?:${ATOM}(?:\\.${ATOM})*|"(?:[ !#-\\[\\]-~]|\\\\[ -~])*")$`);

function isEmail(text: string): boolean {
	const split = text.lastIndexOf("@");
	const [local, domain] = [text.slice(0, Math.max(0, split)), text.slice(split + 1)];
	if (split < 0 || text.length > 254 || local.length > 64 || !LOCAL.test(local))
		return false;
	if (!domain.startsWith("["))
		return isHostname(domain);
	const literal = domain.endsWith("]") ? domain.slice(1, -1) : "";
	return IPV4_WHOLE.test(literal) || (/^IPv6:/i.test(literal) && isIpv6(literal.slice(5)))
		|| /^[A-Za-z0-9-]*[A-Za-z0-9]:[!-Z^-~]+$/.test(literal) && !/^IPv6:/i.test(literal);
}

const ESCAPED = "%[0-9A-Fa-f]{2}";
const PCHAR = `(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|${ESCAPED})`;
const REST = new RegExp(`^(?:${PCHAR}|[/])*(?:\\?(?:${PCHAR}|[/?])*)?(?:#(?:${PCHAR}|[/?])*)?$`);
const USERINFO = new RegExp(`^(?:[A-Za-z0-9._~!$&'()*+,;=:-]|${ESCAPED})*$`);
const REG_NAME = new RegExp(`^(?:[A-Za-z0-9._~!$&'()*+,;=-]|${ESCAPED})*$`);

function isAuthority(text: string): boolean {
	const split = text.lastIndexOf("@");
	const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text.slice(split + 1)) ?? [];
	if (split >= 0 && !USERINFO.test(text.slice(0, split)))
		return false;
	if (port !== undefined && !/^\d*$/.test(port))
		return false;
	if (!host.startsWith("["))
		return !(host === "" && text.slice(split + 1).startsWith("[")) && REG_NAME.test(host);
	const literal = host.endsWith("]") ? host.slice(1, -1) : "";
	return isIpv6(literal) || /^[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+$/.test(literal);
}

/** What stands behind the scheme, or without one. */
function isHierarchy(text: string): boolean {
	const [, authority, path] = /^\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
	return authority === undefined ? REST.test(text) : isAuthority(authority) && REST.test(path ?? "");
}

function isUri(text: string): boolean {
	const [, rest] = /^[A-Za-z][A-Za-z0-9+.-]*:(.*)$/s.exec(text) ?? [];
	return rest !== undefined && isHierarchy(rest);
}

/* The first segment of a relative path has no colon: that would be a scheme. */
function isUriReference(text: string): boolean {
	return isUri(text) || (isHierarchy(text) && !/^[^/?#]*:/.test(text));
}

/* A unit may be left out between two others; something stands behind P and behind T. */
const DURATION = /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;

const FORMATS: { readonly [name: string]: (text: string) => boolean } = {
	"email": isEmail,
	"hostname": isHostname,
	"ipv4": (text) => IPV4_WHOLE.test(text),
	"ipv6": isIpv6,
	"uri": isUri,
	"uri-reference": isUriReference,
	"uuid": (text) => /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(text),
	"date-time": isDateTime,
	"date": isDate,
	"time": (text) => utcMinutes(text) !== null,
	"duration": (text) => DURATION.test(text),
	"json-pointer": (text) => /^(?:\/(?:[^~/]|~[01])*)*$/.test(text),
	"slug": (text) => /^[-a-zA-Z0-9_]+$/.test(text),
};

export function hasFormat(name: string, text: string): boolean {
	return FORMATS[name]?.(text) ?? true;
}
