/* SPDX-License-Identifier: MIT */
/*
 * The rules and their cases as a page: docs/design/json.md. It runs none of them.
 */
#include "rfc_cases.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct rfc_document rfc_documents[] = {
        {"RFC 8259, JSON", rfc_8259_rules},
        {"RFC 3629, UTF-8", rfc_3629_rules},
        {"RFC 7493, I-JSON", rfc_7493_rules},
        {NULL, NULL},
};

#define COLUMNS 140

static const char *const target_names[RFC_N_TARGETS] = {
        [RFC_ANY] = "json",
        [RFC_STR] = "string",
        [RFC_FLOAT64] = "float64",
        [RFC_FLOAT32] = "float32",
        [RFC_INT64] = "int64",
        [RFC_INT53] = "int53",
        [RFC_INT64_STR] = "int64 as string",
        [RFC_BOOL] = "bool",
        [RFC_STRS] = "string[]",
        [RFC_FLOATS] = "float64[]",
        [RFC_INTS] = "int64[]",
        [RFC_MAP] = "map<json>",
        [RFC_CLOSED] = "closed",
        [RFC_DATETIME] = "datetime",
        [RFC_BYTES] = "bytes",
};

/* Bytes as Markdown shows them, between backquotes. */
static size_t put_bytes(char *to, size_t most, const char *text, size_t len)
{
	size_t n = (size_t)snprintf(to, most, " `");

	for (size_t i = 0; i < len && n < most - 8; i++) {
		uint8_t b = (uint8_t)text[i];

		if (b < 0x20 || b >= 0x7F || b == '`')
			n += (size_t)snprintf(to + n, most - n, "<%02X>", (unsigned)b);
		else
			to[n++] = (char)b;
	}
	return n + (size_t)snprintf(to + n, most - n, "`");
}

static size_t list_case(const struct rfc_case *c, size_t column)
{
	char text[2048];
	size_t n;

	if (c->len == 0)
		n = (size_t)snprintf(text, sizeof text, " (nothing)");
	else if (strspn(c->text, " ") == c->len)
		n = (size_t)snprintf(text, sizeof text, " (blanks)");
	else
		n = put_bytes(text, sizeof text, c->text, c->len);
	if (c->is_typed)
		n += (size_t)snprintf(text + n, sizeof text - n, " (%s)", target_names[c->target]);
	if (c->means && (strlen(c->means) != c->len || memcmp(c->means, c->text, c->len) != 0)) {
		n += (size_t)snprintf(text + n, sizeof text - n, " =");
		n += put_bytes(text + n, sizeof text - n, c->means, strlen(c->means));
	}
	if (column && column + n > COLUMNS) {
		printf("\n ");
		column = 1;
	}
	return column + (size_t)printf("%s", text);
}

static void list_cases(const struct rfc_rule *rule, bool is_taken, const char *title)
{
	size_t column = 0;

	for (const struct rfc_case *c = rule->cases; c->text; c++)
		if (c->is_taken == is_taken) {
			if (!column)
				column = (size_t)printf("- %s:", title);
			column = list_case(c, column);
		}
	if (column)
		printf("\n");
}

static void list_rule(const struct rfc_rule *rule)
{
	static const char *const where[] = {
	        [RFC_VALUE] = "as a value",
	        [RFC_STRING] = "as a value and as a name",
	        [RFC_TEXT] = "as a text",
	        [RFC_MESSAGE] = "as a message with the member `v`",
	};

	printf("### Section %s: %s\n\n", rule->section, rule->says);
	list_cases(rule, true, "taken");
	list_cases(rule, false, "refused");
	printf("- %s", where[rule->where]);
	if (rule->also)
		printf("; also %s", rule->also);
	printf("\n\n");
}

int rfc_list(void)
{
	fputs("# JSON, rule by rule\n\n"
	      "Made by `codec_rfc --list` from tests/codec/rfc_cases_*.c; the test "
	      "`codec_rfc_list` "
	      "compares it.\n\n"
	      "Every text below runs in `codec_rfc` by every set of kernels (portable C, SSE2, "
	      "SSSE3, "
	      "AVX2, NEON), from const memory,\n"
	      "in place and in place with the text kept, at 64 alignments behind an inaccessible "
	      "page and "
	      "at 64 distances before one, with\n"
	      "hostile bytes in the padding: as a value alone, in a member of every kind, in a "
	      "list, in a "
	      "map, in members that nobody\n"
	      "knows, with nothing behind it; strings as names, too. `generated_rfc` puts them in "
	      "place of "
	      "each value and name of generated\n"
	      "messages, read by their readers and without them. All must say the same, to the "
	      "letter and "
	      "the byte. `<C3>` is one byte that is\n"
	      "not printable ASCII. With a kind behind it, a text is JSON, and taken or refused as "
	      "a value "
	      "of that kind; `=` is how it is\nwritten again.\n\n",
	        stdout);
	for (const struct rfc_document *d = rfc_documents; d->name; d++) {
		printf("## %s\n\n", d->name);
		for (const struct rfc_rule *rule = d->rules; rule->section; rule++)
			list_rule(rule);
	}
	return EXIT_SUCCESS;
}
