/* SPDX-License-Identifier: MIT */
/*
 * parse.c - a source made into a syntax tree: bytes checked, parser run, doc comments attached.
 *
 * Knows what errors of syntax look like to people; knows nothing of what a contract means.
 */
#include "parse.h"
#include "foreign.h"

#include <ctype.h>
#include <string.h>

#include "parser.h"
#include "scan.h"

/* So many alternatives are listed behind "expected"; more would not help anybody. */
#define PARSE_MAX_EXPECTED 5

const char *const parse_declaration_words[] = {"contract", "import", "option", "enum", "type",
        "message", "group", "event", "consumer", "union", "topic", "mixin", "envelope",
        "subprotocol", NULL};
const char *const parse_group_words[] = {
        "broadcast", "event", "presence", "history", "durable", NULL};
const char *const parse_consumer_words[] = {"auth", "permit", "object", "join", "receive", "send",
        "greet", "error", "limit", "completion", "compression", "topics", "use", "subprotocol",
        NULL};
const char *const parse_topic_words[] = {"broadcast", "event", "presence", "history", "durable",
        "permit", "receive", "send", "limit", "use", NULL};

const char *ast_decl_word(enum ast_decl_kind kind)
{
	switch (kind) {
	case AST_DECL_ENUM: return "enum";
	case AST_DECL_RECORD:
	case AST_DECL_TYPE: return "type";
	case AST_DECL_MESSAGE: return "message";
	case AST_DECL_GROUP_MESSAGE: return "group message";
	case AST_DECL_EVENT: return "event";
	case AST_DECL_GROUP: return "group";
	case AST_DECL_CONSUMER: return "consumer";
	case AST_DECL_UNION: return "union";
	case AST_DECL_TOPIC: return "topic";
	case AST_DECL_MIXIN: return "mixin";
	case AST_DECL_BROKEN: break;
	}
	return "declaration";
}

void parse_token(struct parse *parse, struct place place)
{
	parse->before_end = parse->token_end;
	parse->token_end = place.end;
	if (parse->open_doc != NULL) {
		parse->open_doc->token = place.start;
		parse->open_doc = NULL;
	}
}

/*
 * A ';' that an earlier reading has found to be missing, before the token at the place. Given where
 * it is due, the rest can be read as it was meant.
 */
bool parse_wants_semicolon(struct parse *parse, struct place place)
{
	const struct place *next;

	if (parse->next_semicolon == parse->semicolons->n)
		return false;
	next = parse->semicolons->items[parse->next_semicolon];
	if (next->end != place.start)
		return false;
	parse->next_semicolon++;
	return true;
}

/* ------------------------------------------------------------ doc comments */

/* True if nothing but blanks stands before the offset on its line. */
static bool begins_line(const struct source *source, uint32_t offset)
{
	while (offset > 0 && source->text[offset - 1] != '\n') {
		offset--;
		if (source->text[offset] != ' ' && source->text[offset] != '\t')
			return false;
	}
	return true;
}

static unsigned count_newlines(const struct source *source, uint32_t start, uint32_t end)
{
	unsigned n = 0;

	for (; start < end; start++)
		n += source->text[start] == '\n';
	return n;
}

void parse_doc_line(struct parse *parse, struct place place)
{
	struct parse_doc *doc = parse->open_doc;

	if (!begins_line(parse->source, place.start)) {
		diag_report(parse->diag, DIAG_DOC_BEHIND, place,
		        "a doc comment stands before what it documents, on lines of its own");
		diag_hint(parse->diag, "'//' begins a comment that is not documentation");
		return;
	}
	if (doc != NULL && count_newlines(parse->source, doc->place.end, place.start) == 1) {
		doc->place.end = place.end;
		return;
	}
	/* A blank line parts it from this one. No token starts where it stands: nobody will take it. */
	if (doc != NULL)
		doc->token = doc->place.start;
	doc = arena_alloc(parse->arena, sizeof(*doc));
	*doc = (struct parse_doc){.place = place, .token = UINT32_MAX};
	vec_push(&parse->docs, doc);
	parse->open_doc = doc;
}

/* The lines without slashes, the blank behind them and trailing blanks, joined by '\n'. */
static const char *doc_text(struct parse *parse, struct place place)
{
	const char *text = parse->source->text;
	char *result = arena_alloc(parse->arena, place.end - place.start + 1);
	uint32_t at = place.start;
	size_t length = 0, line;

	while (at < place.end) {
		while (text[at] != '/')
			at++;
		at += 3;
		if (at < place.end && text[at] == ' ')
			at++;
		if (length != 0)
			result[length++] = '\n';
		line = length;
		while (at < place.end && text[at] != '\n')
			result[length++] = text[at++];
		while (length > line && strchr(" \t\r", result[length - 1]) != NULL)
			length--;
		at++;
	}
	result[length] = '\0';
	return result;
}

const char *parse_take_doc(struct parse *parse, struct place place)
{
	size_t low = 0, high = parse->docs.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct parse_doc *doc = parse->docs.items[middle];

		if (doc->token == place.start) {
			doc->used = true;
			return doc_text(parse, doc->place);
		}
		if (doc->token < place.start)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void report_lost_docs(struct parse *parse)
{
	size_t i;

	for (i = 0; i < parse->docs.n; i++) {
		const struct parse_doc *doc = parse->docs.items[i];

		if (doc->used)
			continue;
		diag_report(parse->diag, DIAG_DOC_LOST, doc->place,
		        "this doc comment documents nothing");
		diag_hint(parse->diag,
		        "it stands directly before a declaration, a member or a value of an "
		        "enum; '//' begins any other comment");
	}
}

/* ------------------------------------------------------------------ errors */

void parse_too_deep(struct parse *parse, struct place place)
{
	diag_report(parse->diag, DIAG_TOO_DEEP, place, "this is nested too deeply");
	diag_hint(parse->diag, "at most %d levels; give an inner part a name of its own",
	        AST_MAX_DEPTH);
}

void parse_one_sign(struct parse *parse, struct place first, struct place second)
{
	if (first.end != second.start)
		diag_report(parse->diag, DIAG_SYNTAX, place_join(first, second),
		        "'>=' is written without a blank");
}

void parse_unknown_word(struct parse *parse, enum diag_id id, const char *what,
        struct ast_name word, const char *const *words)
{
	struct suggestion suggestion = suggestion_for(word.text);

	diag_report(parse->diag, id, word.place, "unknown %s '%s'", what, word.text);
	parse->n_skipped += id == DIAG_UNKNOWN_CLAUSE;
	if (foreign_beginning_hint(parse->diag, word.text))
		return;
	for (; *words != NULL; words++)
		suggestion_offer(&suggestion, *words);
	diag_suggest(parse->diag, &suggestion);
}

/* "a name, ';' or '}'"; the empty string where too many things would do. */
static const char *expected_text(struct parse *parse, const struct parse_expected *expected)
{
	const char *text = "";
	size_t i;

	if (expected->n_names > PARSE_MAX_EXPECTED)
		return "";
	for (i = 0; i < expected->n_names; i++) {
		const char *name = expected->names[i];
		bool quoted = name[0] != '\'' && strchr(name, ' ') == NULL;

		text = arena_printf(parse->arena, "%s%s%s%s%s", text,
		        i == 0                              ? ", expected "
		                : i + 1 < expected->n_names ? ", "
		                                            : " or ",
		        quoted ? "'" : "", name, quoted ? "'" : "");
	}
	return text;
}

/* From the end of one token to the beginning of the next. */
static void report_semicolon(struct parse *parse, struct place place)
{
	struct place gap = {place.source, parse->before_end, place.start};

	diag_report(parse->diag, DIAG_MISSING_SEMICOLON,
	        (struct place){place.source, gap.start, gap.start}, "missing ';'");
	if (parse->missing != NULL)
		return;
	parse->missing = arena_alloc(parse->arena, sizeof(gap));
	*parse->missing = gap;
}

/* The name that the token before this one is; the empty string if it is none. */
static const char *word_before(const struct parse *parse)
{
	const char *text = parse->source->text;
	uint32_t start = parse->before_end;

	while (start > 0 && (isalnum((unsigned char)text[start - 1]) || text[start - 1] == '_'))
		start--;
	return arena_copy(parse->arena, text + start, parse->before_end - start);
}

static bool is_among(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

/* What stands well, but elsewhere. */
static bool hint_at_place(
        struct parse *parse, const char *token, const struct parse_expected *expected)
{
	static const char *const constraints[] = {"len", "bytes", "count", "min", "max", "above",
	        "below", "step", "pattern", "format", "unique", "not_blank", "trim", "lower",
	        "upper", "check", NULL};
	static const char *const of_groups[] = {
	        "presence", "history", "durable", "broadcast", NULL};
	static const char *const of_consumers[] = {
	        "receive", "send", "permit", "join", "greet", NULL};

	if (expected->semicolon && is_among(token, constraints))
		diag_hint(parse->diag,
		        "constraints stand in parentheses behind their type: "
		        "string(len 1..20, not_blank)");
	else if (!expected->semicolon && is_among(token, of_groups))
		diag_hint(parse->diag, "'%s' stands in a group or a topic", token);
	else if (!expected->semicolon && is_among(token, of_consumers))
		diag_hint(parse->diag, "'%s' stands in a consumer or a topic", token);
	else
		return false;
	return true;
}

static void report_unexpected(
        struct parse *parse, struct place place, const struct parse_expected *expected)
{
	const char *text = parse->source->text + place.start;
	const uint32_t max = 40;
	uint32_t length = place.end - place.start;
	const char *token = arena_copy(parse->arena, text, length < max ? length : max);

	diag_report(parse->diag, DIAG_SYNTAX, place, "unexpected '%s%s'%s", token,
	        length < max ? "" : "...", expected_text(parse, expected));
	if (strcmp(token, "<") == 0 && foreign_type_hint(parse->diag, word_before(parse)))
		return;
	if (expected->n_names > 0 && strcmp(expected->names[0], "a declaration") == 0 &&
	        foreign_beginning_hint(parse->diag, token))
		return;
	if (hint_at_place(parse, token, expected))
		return;
	if (expected->semicolon && expected->n_names > PARSE_MAX_EXPECTED)
		diag_hint(parse->diag, "is a ';' missing before it?");
	if (expected->name &&
	        strstr(" and as or not null true false ",
	                arena_printf(parse->arena, " %s ", token)) != NULL)
		diag_hint(parse->diag, "this word is reserved: it cannot be a name");
}

void parse_syntax_error(
        struct parse *parse, struct place place, const struct parse_expected *expected)
{
	bool line_ends = expected->at_end ||
	        count_newlines(parse->source, parse->before_end, place.start) > 0;

	if (expected->semicolon && line_ends)
		report_semicolon(parse, place);
	else if (expected->at_end)
		diag_report(parse->diag, DIAG_SYNTAX, place, "unexpected end of the file%s",
		        expected_text(parse, expected));
	else
		report_unexpected(parse, place, expected);
}

/* ------------------------------------------------------------------- files */

/* Length of the well-formed UTF-8 sequence at text (RFC 3629), 0 if there is none. */
static size_t utf8_length(const unsigned char *text, size_t rest)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length, i;

	if (text[0] < 0x80)
		return 1;
	if (text[0] < 0xC2 || text[0] > 0xF4)
		return 0;
	length = text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;
	if (length > rest)
		return 0;
	if (text[0] == 0xE0)
		low = 0xA0;
	else if (text[0] == 0xED)
		high = 0x9F;
	else if (text[0] == 0xF0)
		low = 0x90;
	else if (text[0] == 0xF4)
		high = 0x8F;
	if (text[1] < low || text[1] > high)
		return 0;
	for (i = 2; i < length; i++) {
		if (text[i] < 0x80 || text[i] > 0xBF)
			return 0;
	}
	return length;
}

bool parse_bytes(struct diag *diag, const struct source *source)
{
	const unsigned char *text = (const unsigned char *)source->text;
	size_t at = 0;

	while (at < source->length) {
		size_t length = utf8_length(text + at, source->length - at);
		struct place place = {source, (uint32_t)at, (uint32_t)at + 1};

		if (length == 0) {
			diag_report(diag, DIAG_NOT_UTF8, place,
			        "a contract is UTF-8 text; this byte is not");
			return false;
		}
		if ((text[at] < 0x20 && strchr("\t\r\n", text[at]) == NULL) || text[at] == 0 ||
		        text[at] == 0x7f) {
			diag_report(diag, DIAG_CONTROL_CHARACTER, place, "control character U+%04X",
			        (unsigned)text[at]);
			return false;
		}
		at += length;
	}
	return true;
}

/* The lists that the parser has filled, as the tree's. */
static void take_lists(struct parse *parse, struct ast_file *file)
{
	file->headers = vec_copy(&parse->headers, parse->arena);
	file->n_headers = parse->headers.n;
	file->imports = vec_copy(&parse->imports, parse->arena);
	file->n_imports = parse->imports.n;
	file->options = vec_copy(&parse->options, parse->arena);
	file->n_options = parse->options.n;
	file->envelopes = vec_copy(&parse->envelopes, parse->arena);
	file->n_envelopes = parse->envelopes.n;
	file->subprotocols = vec_copy(&parse->subprotocols, parse->arena);
	file->n_subprotocols = parse->subprotocols.n;
	file->decls = vec_copy(&parse->decls, parse->arena);
	file->n_decls = parse->decls.n;
}

static void parse_clear(struct parse *parse)
{
	vec_clear(&parse->docs);
	vec_clear(&parse->headers);
	vec_clear(&parse->imports);
	vec_clear(&parse->options);
	vec_clear(&parse->envelopes);
	vec_clear(&parse->subprotocols);
	vec_clear(&parse->decls);
}

/* One reading. Returns the first ';' that is missing beyond those that are known, or NULL. */
static struct place *read_once(
        struct arena *arena, struct diag *diag, const struct vec *semicolons, struct ast_file *file)
{
	struct parse parse = {
	        .arena = arena, .diag = diag, .source = file->source, .semicolons = semicolons};
	size_t i;

	for (i = 0; i < semicolons->n; i++) {
		const struct place *gap = semicolons->items[i];

		diag_report(diag, DIAG_MISSING_SEMICOLON,
		        (struct place){gap->source, gap->start, gap->start}, "missing ';'");
	}
	parse.scanner = scan_open(&parse);
	msgc_parse_parse(&parse);
	scan_close(parse.scanner);
	report_lost_docs(&parse);
	take_lists(&parse, file);
	file->n_mended = semicolons->n + parse.n_skipped;
	parse_clear(&parse);
	return parse.missing;
}

/*
 * After a missing ';' the parser skips to the next one and sees nothing on its way. So the file is
 * read again with that ';' in place, as often as another one is found, within reason.
 */
const struct ast_file *parse_source(
        struct arena *arena, struct diag *diag, const struct source *source)
{
	struct ast_file *file = arena_alloc(arena, sizeof(*file));
	struct diag_mark mark = diag_mark(diag);
	struct vec semicolons = {0};
	struct place *missing;

	file->source = source;
	if (!parse_bytes(diag, source))
		return file;
	while ((missing = read_once(arena, diag, &semicolons, file)) != NULL &&
	        semicolons.n < DIAG_MAX_PRINTED) {
		vec_push(&semicolons, missing);
		diag_rewind(diag, mark);
	}
	vec_clear(&semicolons);
	return file;
}
