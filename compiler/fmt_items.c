/* SPDX-License-Identifier: MIT */
/*
 * fmt_items.c - items of a container, their heads, and what a range of tokens holds.
 *
 * All that fmt knows of the language's grammar is here and in fmt_space.c. Writes nothing.
 */
#include "fmt_parts.h"

#include <string.h>

bool fmt_is_word(const struct fmt *f, uint32_t i, const char *word)
{
	const struct fmt_token *token = &f->tokens[i];
	size_t length = strlen(word);

	return token->kind == FMT_WORD && token->end - token->start == length &&
	        memcmp(f->source->text + token->start, word, length) == 0;
}

static bool is_sign(const struct fmt *f, uint32_t i, char sign)
{
	const struct fmt_token *token = &f->tokens[i];

	return token->sign == sign && token->kind != FMT_WORD && token->kind != FMT_NUMBER &&
	        token->kind != FMT_STRING;
}

/* A statement of the file ends with its body, unless it is a type in place that goes on. */
static bool goes_on(const struct fmt *f, uint32_t i, uint32_t end)
{
	if (i == end)
		return false;
	return is_sign(f, i, '[') || is_sign(f, i, '|') || is_sign(f, i, '(') ||
	        is_sign(f, i, '=') || f->tokens[i].kind == FMT_SEPARATOR ||
	        fmt_is_word(f, i, "deprecated");
}

static bool parts_items(const struct fmt *f, uint32_t i, enum fmt_container kind)
{
	return f->tokens[i].kind == FMT_SEPARATOR &&
	        (f->tokens[i].sign == ';' || (kind != FMT_FILE && kind != FMT_CLAUSES));
}

uint32_t fmt_item_end(const struct fmt *f, uint32_t i, uint32_t end, enum fmt_container kind)
{
	while (i < end) {
		bool is_body = f->tokens[i].kind == FMT_OPEN && f->tokens[i].sign == '{';

		if (parts_items(f, i, kind)) {
			/* Further ones have nothing to end: they stay with it. */
			do
				i++;
			while (i < end && parts_items(f, i, kind) &&
			        !fmt_has_comments(f, i - 1, i + 1));
			return i;
		}
		i = f->tokens[i].kind == FMT_OPEN ? f->tokens[i].match + 1 : i + 1;
		if (is_body && kind == FMT_FILE && !goes_on(f, i, end))
			return i;
	}
	return end;
}

enum fmt_container fmt_inner(
        const struct fmt *f, enum fmt_container kind, uint32_t item, uint32_t i)
{
	static const char *const with_clauses[] = {"group", "consumer", "topic", "mixin"};
	size_t n;

	if (f->tokens[i].sign != '{')
		return FMT_LIST;
	if (kind != FMT_FILE)
		return FMT_MEMBERS;
	if (fmt_is_word(f, item, "enum"))
		return FMT_ENUM;
	/* `group message m { … }`, but `consumer message at …` and `group message { … }` */
	if (fmt_is_word(f, item, "group") && fmt_is_word(f, item + 1, "message") &&
	        f->tokens[item + 2].kind == FMT_WORD)
		return FMT_MEMBERS;
	for (n = 0; n < sizeof(with_clauses) / sizeof(with_clauses[0]); n++) {
		if (fmt_is_word(f, item, with_clauses[n]))
			return FMT_CLAUSES;
	}
	return FMT_MEMBERS;
}

/* Behind `name`, `name?`, `name as "wire"?` and the like, where a ':' follows; else item. */
static uint32_t member_head(const struct fmt *f, uint32_t item, uint32_t end, uint32_t *ret_as)
{
	uint32_t i = item + 1;

	*ret_as = 0;
	if (f->tokens[item].kind != FMT_WORD && f->tokens[item].kind != FMT_STRING &&
	        !is_sign(f, item, FMT_ELLIPSIS))
		return item;
	if (i + 1 < end && fmt_is_word(f, i, "as")) {
		*ret_as = i++;
		if (is_sign(f, i, '-'))
			i++;
		i++;
	}
	if (i < end && is_sign(f, i, '?'))
		i++;
	return i < end && is_sign(f, i, ':') ? i + 1 : item;
}

bool fmt_is_statement(const struct fmt *f, uint32_t item, uint32_t end, const char *word)
{
	uint32_t as;

	return fmt_is_word(f, item, word) && member_head(f, item, end, &as) == item;
}

/* `option name` before its '=', and `type name` that is no record. */
static uint32_t statement_head(const struct fmt *f, uint32_t item, uint32_t end)
{
	if (end - item > 3 && (fmt_is_word(f, item, "option") || fmt_is_word(f, item, "type")) &&
	        f->tokens[item + 1].kind == FMT_WORD && is_sign(f, item + 2, '='))
		return item + 2;
	return item;
}

uint32_t fmt_head_end(
        const struct fmt *f, uint32_t item, uint32_t end, enum fmt_container kind, uint32_t *ret_as)
{
	uint32_t head = item;

	*ret_as = 0;
	if (kind == FMT_FILE)
		return statement_head(f, item, end);
	if (kind == FMT_CLAUSES)
		head = f->tokens[item].kind == FMT_WORD ? item + 1 : item;
	else if (kind == FMT_ENUM)
		head = item + 1 < end &&
		                (fmt_is_word(f, item + 1, "as") || is_sign(f, item + 1, '='))
		        ? item + 1
		        : item;
	else
		head = member_head(f, item, end, ret_as);
	/* Nothing stands behind it: no cell. */
	if (head == end || f->tokens[head].kind == FMT_SEPARATOR) {
		*ret_as = 0;
		return item;
	}
	return head;
}

uint32_t fmt_width(const struct fmt *f, uint32_t from, uint32_t to)
{
	if (from >= to)
		return 0;
	return f->tokens[to - 1].column + f->tokens[to - 1].width - f->tokens[from].column;
}

bool fmt_has_comments(const struct fmt *f, uint32_t from, uint32_t to)
{
	return to > from + 1 && f->tokens[to].comments != f->tokens[from + 1].comments;
}

bool fmt_has_braces(const struct fmt *f, uint32_t from, uint32_t to)
{
	return f->tokens[to].n_braces != f->tokens[from].n_braces;
}

bool fmt_is_inline(const struct fmt *f, uint32_t from, uint32_t to)
{
	return !fmt_has_comments(f, from, to) && f->tokens[to].n_forced == f->tokens[from].n_forced;
}
