/* SPDX-License-Identifier: MIT */
/*
 * fmt_tokens.c - tokens with the comments and line ends between them, and which brackets belong
 * together.
 *
 * Input may be anything that consists of tokens: brackets that have no partner are signs like any
 * other. Knows nothing of layout.
 */
#include "fmt_parts.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "tokens.h"

/* ------------------------------------------------------------------ reading */

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	        (unsigned char)c >= 0x80;
}

static char sign_of(const char *text, uint32_t length)
{
	if (length == 1)
		return text[0];
	if (text[0] == '.')
		return length == 2 ? FMT_RANGE : FMT_ELLIPSIS;
	return text[0] == '-' ? FMT_ARROW : FMT_COMPARE;
}

static enum fmt_kind kind_of(const char *text, uint32_t length)
{
	if (text[0] == '"' || text[0] == '\'' || (text[0] == 'r' && length > 1 && text[1] == '"'))
		return FMT_STRING;
	if (is_word_byte(text[0]))
		return FMT_WORD;
	if (text[0] >= '0' && text[0] <= '9')
		return FMT_NUMBER;
	return text[0] == ';' || text[0] == ',' ? FMT_SEPARATOR : FMT_SIGN;
}

static uint32_t code_points(const char *text, uint32_t start, uint32_t end)
{
	uint32_t n = 0;

	for (; start < end; start++)
		n += ((unsigned char)text[start] & 0xC0) != 0x80;
	return n;
}

static void add_comment(struct fmt *f, struct fmt_comment comment)
{
	const char *text = f->source->text;

	while (strchr(" \t\r", text[comment.end - 1]) != NULL)
		comment.end--;
	comment.width = code_points(text, comment.start, comment.end);
	if (f->n_comments == f->comments_capacity) {
		f->comments_capacity = f->comments_capacity == 0 ? 64 : f->comments_capacity * 2;
		f->comments =
		        memory_resize(f->comments, f->comments_capacity * sizeof(*f->comments));
	}
	f->comments[f->n_comments++] = comment;
}

/* What stands between two tokens: comments, and how many line ends before the second. */
static void read_gap(struct fmt *f, uint32_t start, uint32_t end, struct fmt_token *token)
{
	const char *text = f->source->text;
	uint8_t newlines = 0;

	token->comments = f->n_comments;
	while (start < end) {
		const char *line_end;

		if (text[start] == '\n') {
			newlines = newlines < 2 ? newlines + 1 : 2;
			token->broken_gap = true;
		}
		if (text[start++] != '/')
			continue;
		line_end = memchr(text + start, '\n', end - start);
		add_comment(f,
		        (struct fmt_comment){.start = start - 1,
		                .end = line_end == NULL ? end : (uint32_t)(line_end - text),
		                .newlines = newlines});
		start = f->comments[f->n_comments - 1].end;
		newlines = 0;
	}
	token->newlines = newlines;
}

static void add_token(void *context, uint32_t start, uint32_t end)
{
	struct fmt *f = context;
	const char *text = f->source->text;
	struct fmt_token *token;

	if (f->n_tokens == f->capacity) {
		f->capacity = f->capacity == 0 ? 256 : f->capacity * 2;
		f->tokens = memory_resize(f->tokens, f->capacity * sizeof(*f->tokens));
	}
	token = &f->tokens[f->n_tokens];
	*token = (struct fmt_token){
	        .start = start, .end = end, .match = f->n_tokens, .kind = FMT_END};
	read_gap(f, f->n_tokens == 0 ? 0 : f->tokens[f->n_tokens - 1].end, start, token);
	if (start < end) {
		token->kind = (uint8_t)kind_of(text + start, end - start);
		token->sign = sign_of(text + start, end - start);
		token->width = code_points(text, start, end);
	}
	f->n_tokens++;
}

/* ----------------------------------------------------------------- brackets */

/* Brackets that are open: a chain through their match, and how many there are of each kind. */
struct open {
	uint32_t top; /* UINT32_MAX: none */
	uint32_t n['}' + 1];
};

static void push(struct fmt *f, struct open *open, uint32_t i)
{
	f->tokens[i].match = open->top;
	open->top = i;
	open->n[(unsigned char)f->tokens[i].sign]++;
}

/* It stays without a partner, unless one is given to it. */
static uint32_t pop(struct fmt *f, struct open *open)
{
	uint32_t i = open->top;

	open->top = f->tokens[i].match;
	f->tokens[i].match = i;
	open->n[(unsigned char)f->tokens[i].sign]--;
	return i;
}

/* Those that were opened later and not closed have no partner. */
static void close_bracket(struct fmt *f, struct open *open, uint32_t i, char opener)
{
	uint32_t partner;

	if (open->n[(unsigned char)opener] == 0)
		return;
	do
		partner = pop(f, open);
	while (f->tokens[partner].sign != opener);
	f->tokens[partner].match = i;
	f->tokens[partner].kind = FMT_OPEN;
	f->tokens[i].match = partner;
	f->tokens[i].kind = FMT_CLOSE;
}

static bool top_is(const struct fmt *f, const struct open *open, char opener)
{
	return open->top != UINT32_MAX && f->tokens[open->top].sign == opener;
}

static void match_token(struct fmt *f, struct open *open, uint32_t i)
{
	switch (f->tokens[i].sign) {
	case '(':
	case '[':
	case '{': push(f, open, i); break;
	case ')': close_bracket(f, open, i, '('); break;
	case ']': close_bracket(f, open, i, '['); break;
	case '}': close_bracket(f, open, i, '{'); break;
	case '<':
		if (i > 0 && fmt_is_word(f, i - 1, "map"))
			push(f, open, i);
		break;
	case '>':
		if (top_is(f, open, '<'))
			close_bracket(f, open, i, '<');
		break;
	case ';':
		if (top_is(f, open, '<'))
			pop(f, open);
		break;
	default: break;
	}
}

/* False if they nest too deeply. */
static bool match_brackets(struct fmt *f, uint32_t *ret_deepest)
{
	struct open open = {.top = UINT32_MAX};
	uint32_t depth = 0, i;

	for (i = 0; i < f->n_tokens; i++) {
		if (f->tokens[i].kind == FMT_SIGN || f->tokens[i].kind == FMT_SEPARATOR)
			match_token(f, &open, i);
	}
	while (open.top != UINT32_MAX)
		pop(f, &open);
	for (i = 0; i < f->n_tokens; i++) {
		*ret_deepest = i;
		if (f->tokens[i].kind == FMT_OPEN && ++depth > FMT_MAX_DEPTH)
			return false;
		if (f->tokens[i].kind == FMT_CLOSE)
			depth--;
	}
	return true;
}

bool fmt_read(struct fmt *f, struct diag *diag)
{
	uint32_t length = (uint32_t)f->source->length, deepest;

	if (!tokens_scan(diag, f->source, add_token, f))
		return false;
	add_token(f, length, length);
	f->n_tokens--;
	if (match_brackets(f, &deepest))
		return true;
	diag_report(diag, DIAG_TOO_DEEP,
	        (struct place){f->source, f->tokens[deepest].start, f->tokens[deepest].end},
	        "this is nested too deeply");
	diag_hint(diag, "at most %d brackets in each other are laid out", FMT_MAX_DEPTH);
	return false;
}
