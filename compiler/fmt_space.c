/* SPDX-License-Identifier: MIT */
/*
 * fmt_space.c - where a blank stands between two tokens of a line, and how wide lines become.
 *
 * The rules are for what the grammar allows. Whatever else comes, two tokens are never joined into
 * something that reads differently.
 */
#include "fmt_parts.h"

#include <string.h>

/* Where tokens stand, as far as blanks depend on it. */
struct where {
	uint32_t item;     /* the first token of the item */
	bool statement;    /* that is `require` */
	bool expression;   /* within `require`: '-' may have two sides */
	bool spaced_colon; /* `require x : "…"`, `enum a : int` */
	bool spaced_lead;  /* `permit (…)`, `require (…)`: no call */
};

/* ------------------------------------------------------------------ joining */

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	        c == '_' || (unsigned char)c >= 0x80 || c == '"' || c == '\'';
}

/* Written without a blank, tokens i - 1 and i are still these two. */
static bool may_join(const struct fmt *f, uint32_t i)
{
	const struct fmt_token *a = &f->tokens[i - 1], *b = &f->tokens[i];
	char last = f->source->text[a->end - 1], first = f->source->text[b->start];

	if (is_word_byte(last) && is_word_byte(first))
		return false;
	if (a->kind == FMT_NUMBER && b->sign == '.')
		return false;
	if (last == '.' && first == '.')
		return false;
	if (strchr("=!<>", last) != NULL && first == '=')
		return a->end == b->start || a->kind == FMT_CLOSE;
	return !(last == '-' && first == '>') && !(last == '/' && strchr("/*", first) != NULL) &&
	        !(strchr("|&", last) != NULL && last == first);
}

/* -------------------------------------------------------------------- rules */

static bool is(const struct fmt_token *token, char sign)
{
	return token->sign == sign &&
	        (token->kind == FMT_SIGN || token->kind == FMT_OPEN || token->kind == FMT_CLOSE);
}

/* Words that an operand stands behind: '(' begins no call, '-' has one side. */
static bool is_operator_word(const struct fmt *f, uint32_t i)
{
	static const char *const words[] = {"and", "or", "not", "as", "by", "null", "at"};
	size_t n;

	for (n = 0; n < sizeof(words) / sizeof(words[0]); n++) {
		if (fmt_is_word(f, i, words[n]))
			return true;
	}
	return false;
}

static bool ends_operand(const struct fmt *f, uint32_t i, const struct where *where)
{
	const struct fmt_token *token = &f->tokens[i];

	if (token->kind == FMT_WORD)
		return fmt_is_word(f, i, "null") ||
		        (!(where->statement && i == where->item) && !is_operator_word(f, i));
	return token->kind == FMT_NUMBER || token->kind == FMT_STRING || token->kind == FMT_CLOSE;
}

/* `a - b` in an expression. */
static bool is_minus(const struct fmt *f, uint32_t i, const struct where *where)
{
	return where->expression && is(&f->tokens[i], '-') && ends_operand(f, i - 1, where);
}

/* `date-time` is one word made of three. */
static bool is_hyphen(const struct fmt *f, uint32_t i, const struct where *where)
{
	return !where->expression && is(&f->tokens[i], '-') && i > where->item &&
	        f->tokens[i - 1].kind == FMT_WORD && f->tokens[i + 1].kind == FMT_WORD;
}

static bool before_bracket(const struct fmt *f, uint32_t i, const struct where *where)
{
	const struct fmt_token *token = &f->tokens[i], *before = token - 1;
	bool is_suffix = before->kind == FMT_CLOSE && before->sign != '}';

	switch (token->sign) {
	case '(':
		if (before->kind == FMT_WORD)
			return is_operator_word(f, i - 1) ||
			        (where->spaced_lead && i - 1 == where->item);
		return !is_suffix;
	case '[':
		return token->match != i + 1 ||
		        (before->kind != FMT_WORD && before->kind != FMT_CLOSE);
	case '<': return false;
	default: return true;
	}
}

/* Behind a sign that says for itself whether a blank follows. */
static bool after_sign(const struct fmt *f, uint32_t i, const struct where *where)
{
	const struct fmt_token *before = &f->tokens[i - 1];

	switch (before->sign) {
	case '.':
	case '!':
	case FMT_RANGE: return false;
	case FMT_ELLIPSIS: return f->tokens[i].kind != FMT_WORD;
	case '-': return is_minus(f, i - 1, where);
	default: return true;
	}
}

static bool before_sign(const struct fmt *f, uint32_t i, const struct where *where)
{
	const struct fmt_token *token = &f->tokens[i], *before = token - 1;

	switch (token->sign) {
	case '.':
	case '?': return false;
	case ':': return where->spaced_colon;
	case FMT_RANGE: return before->kind != FMT_NUMBER;
	case '-':
		if (is_hyphen(f, i, where))
			return false;
		break;
	case '=':
		/* Two signs that were one to their author. */
		if (before->kind == FMT_SIGN && before->sign != 0 &&
		        strchr("=!<>", before->sign) != NULL && before->end == token->start)
			return false;
		break;
	default: break;
	}
	return before->kind != FMT_SIGN || after_sign(f, i, where);
}

/* A blank between tokens i - 1 and i of one line? */
static bool wants_blank(const struct fmt *f, uint32_t i, const struct where *where)
{
	const struct fmt_token *token = &f->tokens[i], *before = token - 1;

	if (before->kind == FMT_OPEN)
		return before->sign == '{' && before->match != i;
	if (token->kind == FMT_CLOSE)
		return token->sign == '}';
	if (token->kind == FMT_SEPARATOR)
		return false;
	if (before->kind == FMT_SEPARATOR)
		return true;
	if (before->kind == FMT_SIGN && before->sign != ':' && !after_sign(f, i, where))
		return false;
	if (token->kind == FMT_OPEN)
		return before_bracket(f, i, where);
	return token->kind != FMT_SIGN || before_sign(f, i, where);
}

/* -------------------------------------------------------------------- walk */

static void space_item(
        struct fmt *f, uint32_t item, uint32_t end, enum fmt_container kind, bool expression);

static void space_items(
        struct fmt *f, uint32_t i, uint32_t end, enum fmt_container kind, bool expression)
{
	while (i < end) {
		uint32_t item_end = fmt_item_end(f, i, end, kind);

		space_item(f, i, item_end, kind, expression);
		i = item_end;
	}
}

static void space_token(struct fmt *f, uint32_t i, const struct where *where)
{
	if (i > 0)
		f->tokens[i].space = wants_blank(f, i, where) || !may_join(f, i);
}

static void space_item(
        struct fmt *f, uint32_t item, uint32_t end, enum fmt_container kind, bool expression)
{
	bool is_require = kind == FMT_MEMBERS && fmt_is_statement(f, item, end, "require");
	struct where where = {
	        .item = item,
	        .statement = is_require,
	        .expression = expression || is_require,
	        .spaced_colon = is_require || (kind == FMT_FILE && fmt_is_word(f, item, "enum")),
	        .spaced_lead = is_require || kind == FMT_CLAUSES,
	};
	uint32_t i;

	for (i = item; i < end; i++) {
		space_token(f, i, &where);
		if (f->tokens[i].kind != FMT_OPEN)
			continue;
		space_items(f, i + 1, f->tokens[i].match, fmt_inner(f, kind, item, i),
		        where.expression);
		i = f->tokens[i].match;
		space_token(f, i, &where);
	}
}

void fmt_space(struct fmt *f)
{
	uint32_t column = 0, n_braces = 0, n_forced = 0, i;

	space_items(f, 0, f->n_tokens, FMT_FILE, false);
	for (i = 0; i <= f->n_tokens; i++) {
		struct fmt_token *token = &f->tokens[i];

		column += token->space;
		token->column = column;
		token->n_braces = n_braces;
		token->n_forced = n_forced;
		column += token->width;
		if (token->kind != FMT_OPEN || token->sign != '{')
			continue;
		n_braces++;
		n_forced += token->match != i + 1 && token[1].broken_gap;
	}
}
