// SPDX-License-Identifier: MIT
// Formats: where the decoders and ajv-formats differ. Knows nothing of how that is found out.

const host = (text) => /^[^:]*:\/\/(?:[^/?#]*@)?\[([^\]]*)\]/u.exec(text)?.[1];
const domain = (text) => text.slice(text.lastIndexOf("@") + 1);
const leaps = (text) => /:60(?:\.\d+)?(?:[zZ]|[+-]\d\d:\d\d)$/u.test(text);
const zerosInHost = (text) => /[.:]0\d{1,2}(?:\.|$)/u.test(host(text) ?? /^\/\/(?:[^/?#]*@)?\[([^\]]*)\]/u.exec(text)?.[1] ?? "");
const badAuthority = (text) => {
  const authority = /^(?:[^:/?#]*:)?\/\/([^/?#]*)/u.exec(text)?.[1];
  return authority !== undefined && !/^(?:[^@]*@)?(?:\[.*\]|[^:@]*)(?::\d*)?$/u.test(authority);
};
const beyond64Bits = (text) => {
  const [date, time = ""] = text.split("T");
  const sum = (part, units) => [...part.matchAll(/(\d+)([A-Z])/gu)].reduce((total, [, digits, unit]) => total + BigInt(digits) * (units[unit] ?? 0n), 0n);
  const sums = [sum(date, { Y: 12n, M: 1n }), sum(date, { W: 7n, D: 1n }), sum(time, { H: 3600n, M: 60n, S: 1n })];
  return sums.some((total) => total >= 2n ** 63n);
};
const bracketAfterOneSlash = (text) => /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/(?!\/)[^/?#]*\[/u.test(text);

/**
 * Where the verdicts differ, and why. who: the stricter one. mended: the emitted schema has more than the format, and agrees with the
 * decoder. said: words of the language reference about what is left.
 */
export const DIFFERENCES = {
  email: [
    { who: "ajv", said: "quoted local parts", when: (text) => text.startsWith('"') },
    { who: "ajv", said: "address literals", when: (text) => domain(text).startsWith("[") },
    { who: "ajv", said: "domains of one label", when: (text) => !domain(text).includes(".") },
    { who: "decoder", mended: true, when: (text) => text.length > 254 || text.lastIndexOf("@") > 64 || domain(text).split(".").some((label) => label.length > 63) },
  ],
  uri: [
    { who: "ajv", said: "nothing behind its scheme but a query or a fragment", when: (text) => /^[A-Za-z][A-Za-z0-9+.-]*:(?:[?#]|$)/u.test(text) },
    { who: "decoder", said: "zeros in front of a number of an IPv4 address inside of an IPv6 one", when: zerosInHost },
    { who: "decoder", mended: true, when: bracketAfterOneSlash },
    { who: "decoder", mended: true, when: badAuthority },
  ],
  uri_reference: [
    { who: "decoder", said: "zeros in front of a number of an IPv4 address inside of an IPv6 one", when: zerosInHost },
    { who: "decoder", mended: true, when: bracketAfterOneSlash },
    { who: "decoder", mended: true, when: badAuthority },
    { who: "decoder", mended: true, when: (text) => text.includes('"') },
    { who: "decoder", mended: true, when: (text) => /^[^/?#]*:/u.test(text) && !/^[A-Za-z][A-Za-z0-9+.-]*:/u.test(text) },
  ],
  hostname: [{ who: "decoder", mended: true, when: (text) => text.endsWith(".") }],
  uuid_text: [{ who: "decoder", mended: true, when: (text) => /^urn:uuid:/iu.test(text) }],
  date_time: [
    { who: "decoder", mended: true, when: (text) => !/^.{10}[Tt]/u.test(text) },
    { who: "decoder", mended: true, when: (text) => /[+-]\d\d(?:\d\d)?$/u.test(text) },
    { who: "decoder", said: "leap seconds", when: leaps },
  ],
  time_text: [{ who: "decoder", mended: true, when: (text) => /[+-]\d\d(?:\d\d)?$/u.test(text) }],
  duration_type: [{ who: "decoder", said: "more than 64 bits", when: beyond64Bits }],
};
DIFFERENCES.uuid_type = DIFFERENCES.uuid_text;
DIFFERENCES.datetime_type = DIFFERENCES.date_time;
DIFFERENCES.time_type = DIFFERENCES.time_text;
