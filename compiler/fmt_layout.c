/* SPDX-License-Identifier: MIT */
/*
 * fmt_layout.c - where lines end, and what stands in columns.
 *
 * An item stands on one line if it fits and holds no comment, unless a person has begun a new line
 * behind one of its '{'. Otherwise every '{' of it begins a block. That is decided before anything
 * else of the item, from what is the same in the result: so laying out twice changes nothing.
 */
#include "fmt_parts.h"

#include <stdlib.h>

#include "arena.h"

/* An item while its container is being written. */
struct item {
	uint32_t start;
	uint32_t end;
	uint32_t head;     /* fmt_head_end() */
	uint32_t as;       /* the same */
	uint8_t statement; /* FMT_FILE: what it may stand in columns with */
	bool section;      /* does not continue the columns of the item before it */
	bool blocks;       /* its '{' begin blocks */
};

struct items {
	struct item *list;
	size_t n;
	size_t capacity;
};

/* Columns of a section: neighbours without a blank line or a block between them. */
struct columns {
	uint32_t name;    /* before `as` */
	uint32_t head;    /* the first cell; 0: there is none */
	uint32_t comment; /* where comments behind the items begin */
};

/* What a flow of tokens is part of. */
struct flow {
	enum fmt_container kind;
	uint32_t item;
	uint32_t indent;
	uint32_t hang; /* where further lines begin */
	bool blocks;
};

static void put_items(
        struct fmt *f, uint32_t from, uint32_t to, enum fmt_container kind, uint32_t indent);
static void put_flow(struct fmt *f, uint32_t from, uint32_t to, const struct flow *flow);

/* ----------------------------------------------------------------- comments */

/* The comment that stands behind token i - 1, on its line; NULL: none. */
static const struct fmt_comment *comment_behind(const struct fmt *f, uint32_t i)
{
	uint32_t first = f->tokens[i].comments;
	uint32_t end = i == f->n_tokens ? f->n_comments : f->tokens[i + 1].comments;

	if (i == 0 || first == end || f->comments[first].newlines != 0)
		return NULL;
	return &f->comments[first];
}

static void put_comment_behind(struct fmt *f, uint32_t i, uint32_t column)
{
	const struct fmt_comment *comment = comment_behind(f, i);

	if (comment == NULL)
		return;
	fmt_put_blanks(f, column > f->column + 2 ? column - f->column : 2);
	fmt_put_comment(f, comment);
}

/* Comments on lines of their own in the gap before token i. True if there was one. */
static bool put_comments(struct fmt *f, uint32_t i, uint32_t indent, bool keep_blank, bool first)
{
	uint32_t at = f->tokens[i].comments + (comment_behind(f, i) != NULL);
	uint32_t end = i == f->n_tokens ? f->n_comments : f->tokens[i + 1].comments;
	bool any = at < end;

	for (; at < end; at++) {
		if (keep_blank && !first && f->comments[at].newlines > 1)
			fmt_blank_line(f);
		first = false;
		fmt_line(f, indent);
		fmt_put_comment(f, &f->comments[at]);
	}
	return any;
}

/* A blank line somewhere between token i and what stands before it. */
static bool has_blank_before(const struct fmt *f, uint32_t i)
{
	uint32_t at = f->tokens[i].comments;
	uint32_t end = i == f->n_tokens ? f->n_comments : f->tokens[i + 1].comments;

	for (; at < end; at++) {
		if (f->comments[at].newlines > 1)
			return true;
	}
	return f->tokens[i].newlines > 1;
}

/* -------------------------------------------------------------------- flows */

/* A line may end before token i, where it stands between others of its item. */
static bool may_break(const struct fmt *f, uint32_t i, const struct flow *flow)
{
	const struct fmt_token *token = &f->tokens[i];

	if (token->kind == FMT_WORD)
		return fmt_is_word(f, i, "and") || fmt_is_word(f, i, "or") ||
		        fmt_is_word(f, i, "deprecated") ||
		        (f->tokens[i - 1].kind == FMT_SEPARATOR && flow->kind != FMT_LIST);
	if (token->kind == FMT_STRING && f->tokens[i - 1].kind == FMT_SEPARATOR)
		return flow->kind != FMT_LIST;
	return token->kind == FMT_SIGN &&
	        (token->sign == '|' || token->sign == FMT_ARROW ||
	                (token->sign == ':' && token->space));
}

/* Brackets that begin lines of their own. */
static bool opens_block(const struct fmt *f, uint32_t i, const struct flow *flow)
{
	return f->tokens[i].kind == FMT_OPEN && flow->blocks && f->tokens[i].match != i + 1 &&
	        fmt_has_braces(f, i, f->tokens[i].match);
}

/* Behind what must stay on one line with token i: where a line may end, or a bracket may. */
static uint32_t piece_end(
        const struct fmt *f, uint32_t i, uint32_t to, const struct flow *flow, bool whole)
{
	do {
		if (f->tokens[i].kind == FMT_OPEN) {
			if (!whole || opens_block(f, i, flow))
				return i + 1;
			i = f->tokens[i].match;
		}
		i++;
	} while (i < to && !may_break(f, i, flow));
	return i;
}

/* A new line before token i, so that more fits on one line? */
static bool breaks_before(const struct fmt *f, uint32_t i, uint32_t to, const struct flow *flow)
{
	uint32_t width;

	if (!may_break(f, i, flow))
		return false;
	width = fmt_width(f, i, piece_end(f, i, to, flow, true));
	if (f->column + f->tokens[i].space + width <= FMT_COLUMNS)
		return false;
	if (flow->hang + width <= FMT_COLUMNS)
		return true;
	/* It cannot stay whole anyway. */
	width = fmt_width(f, i, piece_end(f, i, to, flow, false));
	return f->column + f->tokens[i].space + width > FMT_COLUMNS;
}

static void put_block(struct fmt *f, uint32_t open, const struct flow *flow)
{
	uint32_t close = f->tokens[open].match;
	enum fmt_container inner = fmt_inner(f, flow->kind, flow->item, open);

	fmt_put_tokens(f, open, open + 1);
	put_items(f, open + 1, close, inner, flow->indent + FMT_INDENT);
	fmt_line(f, flow->indent);
	fmt_put_tokens(f, close, close + 1);
}

/* Several on a line, as many as fit. */
static void put_filled(struct fmt *f, uint32_t open, const struct flow *flow)
{
	uint32_t close = f->tokens[open].match, i = open + 1;
	struct flow inner = {.kind = FMT_LIST,
	        .indent = flow->indent + FMT_INDENT,
	        .hang = flow->indent + FMT_INDENT + FMT_HANG};

	fmt_put_tokens(f, open, open + 1);
	fmt_line(f, inner.indent);
	while (i < close) {
		uint32_t end = fmt_item_end(f, i, close, FMT_LIST);

		if (i != open + 1) {
			if (f->column + 1 + fmt_width(f, i, end) > FMT_COLUMNS)
				fmt_line(f, inner.indent);
			else
				fmt_put_blanks(f, 1);
		}
		inner.item = i;
		put_flow(f, i, end, &inner);
		i = end;
	}
	fmt_line(f, flow->indent);
	fmt_put_tokens(f, close, close + 1);
}

/* Its items have names: they stand one below the other. */
static bool has_members(const struct fmt *f, uint32_t open)
{
	uint32_t close = f->tokens[open].match, as;

	return fmt_head_end(f, open + 1, close, FMT_LIST, &as) != open + 1;
}

/* ( ), [ ] or < > that does not stay on one line as it is. */
static void put_list(struct fmt *f, uint32_t open, const struct flow *flow)
{
	uint32_t close = f->tokens[open].match;
	bool is_single = fmt_item_end(f, open + 1, close, FMT_LIST) == close;
	bool has_comments = fmt_has_comments(f, open, close + 1);

	if (is_single && !has_comments && !has_members(f, open)) {
		struct flow inner = *flow;

		inner.kind = FMT_LIST;
		inner.item = open + 1;
		fmt_put_tokens(f, open, open + 1);
		put_flow(f, open + 1, close, &inner);
		fmt_put_tokens(f, close, close + 1);
	} else if (has_comments || has_members(f, open) || fmt_has_braces(f, open, close)) {
		put_block(f, open, flow);
	} else {
		put_filled(f, open, flow);
	}
}

static void put_brackets(struct fmt *f, uint32_t open, uint32_t to, const struct flow *flow)
{
	uint32_t close = f->tokens[open].match;
	uint32_t end = piece_end(f, close, to, flow, false);

	if (close == open + 1 && !fmt_has_comments(f, open, close + 1))
		fmt_put_tokens(f, open, close + 1);
	else if (f->tokens[open].sign == '{' && flow->blocks)
		put_block(f, open, flow);
	else if (!opens_block(f, open, flow) && fmt_is_inline(f, open, close + 1) &&
	        (f->tokens[open].sign == '{' || f->column + fmt_width(f, open, end) <= FMT_COLUMNS))
		fmt_put_tokens(f, open, close + 1);
	else
		put_list(f, open, flow);
}

/* Tokens [from, to) of an item, from the present column on. */
static void put_flow(struct fmt *f, uint32_t from, uint32_t to, const struct flow *flow)
{
	uint32_t i = from;

	while (i < to) {
		if (i != from) {
			bool has_comments = f->tokens[i].comments != f->tokens[i + 1].comments;

			put_comment_behind(f, i, 0);
			put_comments(f, i, flow->hang, false, false);
			if (has_comments || breaks_before(f, i, to, flow))
				fmt_line(f, flow->hang);
			else
				fmt_put_blanks(f, f->tokens[i].space);
		}
		if (f->tokens[i].kind == FMT_OPEN) {
			put_brackets(f, i, to, flow);
			i = f->tokens[i].match;
		} else {
			fmt_put_tokens(f, i, i + 1);
		}
		i++;
	}
}

/* ------------------------------------------------------------------ columns */

static uint32_t head_width(const struct fmt *f, const struct item *item, uint32_t name)
{
	uint32_t width;

	if (item->head == item->start)
		return 0;
	if (item->as == 0)
		return fmt_width(f, item->start, item->head);
	width = fmt_width(f, item->start, item->as);
	return (width > name ? width : name) + 1 + fmt_width(f, item->as, item->head);
}

/* Takes part in columns; its head is not too long for that. */
static bool in_columns(const struct fmt *f, const struct item *item)
{
	return !item->blocks && item->head != item->start && head_width(f, item, 0) <= FMT_MAX_HEAD;
}

static struct columns head_columns(const struct fmt *f, const struct item *items, size_t n)
{
	struct columns columns = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		uint32_t width = fmt_width(f, items[i].start, items[i].as);

		if (in_columns(f, &items[i]) && items[i].as != 0 && width > columns.name)
			columns.name = width;
	}
	for (i = 0; i < n; i++) {
		uint32_t width = head_width(f, &items[i], columns.name);

		if (in_columns(f, &items[i]) && width > columns.head)
			columns.head = width;
	}
	return columns;
}

/* How wide an item is on one line, in its columns. */
static uint32_t line_width(
        const struct fmt *f, const struct item *item, const struct columns *columns)
{
	if (!in_columns(f, item))
		return fmt_width(f, item->start, item->end);
	return columns->head + f->tokens[item->head].space + fmt_width(f, item->head, item->end);
}

/* Comments behind items that have room for them begin in one column. */
static void comment_column(
        struct fmt *f, const struct item *items, size_t n, uint32_t indent, struct columns *columns)
{
	uint32_t widest = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct fmt_comment *comment = comment_behind(f, items[i].end);
		uint32_t end = indent + line_width(f, &items[i], columns) + 2;

		if (items[i].blocks || comment == NULL || end > FMT_COLUMNS)
			continue;
		if (end > columns->comment)
			columns->comment = end;
		if (comment->width > widest)
			widest = comment->width;
	}
	if (columns->comment < FMT_COMMENT_COLUMN && FMT_COMMENT_COLUMN + widest <= FMT_COLUMNS)
		columns->comment = FMT_COMMENT_COLUMN;
}

/*
 * Items that hold braces and do not fit in their columns become blocks, and with them ends their
 * section. True if there are any.
 */
static bool mark_blocks(struct fmt *f, struct item *items, size_t n, uint32_t indent)
{
	struct columns columns = head_columns(f, items, n);
	bool any = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (items[i].blocks || !fmt_has_braces(f, items[i].start, items[i].end) ||
		        indent + line_width(f, &items[i], &columns) <= FMT_COLUMNS)
			continue;
		items[i].blocks = any = true;
	}
	return any;
}

/* The items of a section from items[0] on: at least one. */
static size_t section_length(const struct item *items, size_t n)
{
	size_t i = 1;

	if (items[0].blocks)
		return 1;
	while (i < n && !items[i].section && !items[i].blocks &&
	        items[i].statement == items[0].statement)
		i++;
	return i;
}

/* -------------------------------------------------------------------- items */

static void put_head(
        struct fmt *f, const struct item *item, const struct columns *columns, uint32_t indent)
{
	uint32_t name = item->as != 0 ? item->as : item->head;

	fmt_put_tokens(f, item->start, name);
	if (item->as != 0) {
		fmt_put_blanks(f, indent + columns->name + 1 - f->column);
		fmt_put_tokens(f, item->as, item->head);
	}
	fmt_put_blanks(f, indent + columns->head + f->tokens[item->head].space - f->column);
}

static void put_item(struct fmt *f, const struct item *item, const struct columns *columns,
        enum fmt_container kind, uint32_t indent)
{
	struct flow flow = {.kind = kind,
	        .item = item->start,
	        .indent = indent,
	        .hang = indent + FMT_HANG,
	        .blocks = item->blocks};
	bool is_aligned = in_columns(f, item);

	if (is_aligned && kind == FMT_CLAUSES)
		flow.hang = indent + columns->head + 1;
	fmt_line(f, indent);
	if (is_aligned)
		put_head(f, item, columns, indent);
	put_flow(f, is_aligned ? item->head : item->start, item->end, &flow);
	put_comment_behind(f, item->end, item->blocks ? 0 : columns->comment);
}

static void put_section(struct fmt *f, const struct item *items, size_t n, enum fmt_container kind,
        uint32_t indent, bool is_first)
{
	struct columns columns = head_columns(f, items, n);
	size_t i;

	comment_column(f, items, n, indent, &columns);
	for (i = 0; i < n; i++) {
		bool first = is_first && i == 0;
		bool any = put_comments(f, items[i].start, indent, true, first);

		if ((any || !first) && f->tokens[items[i].start].newlines > 1)
			fmt_blank_line(f);
		put_item(f, &items[i], &columns, kind, indent);
	}
}

static uint8_t statement_of(const struct fmt *f, uint32_t start, uint32_t head)
{
	if (head == start)
		return 0;
	return fmt_is_word(f, start, "option") ? 1 : 2;
}

static void add_item(struct fmt *f, struct items *items, uint32_t start, uint32_t end,
        enum fmt_container kind, uint32_t indent)
{
	struct item *item;

	if (items->n == items->capacity) {
		items->capacity = items->capacity == 0 ? 16 : items->capacity * 2;
		items->list = memory_resize(items->list, items->capacity * sizeof(*items->list));
	}
	item = &items->list[items->n++];
	*item = (struct item){.start = start, .end = end, .section = has_blank_before(f, start)};
	item->head = fmt_head_end(f, start, end, kind, &item->as);
	if (kind == FMT_FILE)
		item->statement = statement_of(f, start, item->head);
	item->blocks = !fmt_is_inline(f, start, end) ||
	        (fmt_has_braces(f, start, end) && indent + fmt_width(f, start, end) > FMT_COLUMNS);
}

/* What stands between tokens from - 1 and to, each item on a line of its own or several. */
static void put_items(
        struct fmt *f, uint32_t from, uint32_t to, enum fmt_container kind, uint32_t indent)
{
	struct items items = {0};
	size_t at, n;

	put_comment_behind(f, from, 0);
	while (from < to) {
		uint32_t end = fmt_item_end(f, from, to, kind);

		add_item(f, &items, from, end, kind, indent);
		from = end;
	}
	for (at = 0; at < items.n; at += n) {
		n = section_length(items.list + at, items.n - at);
		if (mark_blocks(f, items.list + at, n, indent))
			n = section_length(items.list + at, items.n - at);
		put_section(f, items.list + at, n, kind, indent, at == 0);
	}
	put_comments(f, to, indent, true, items.n == 0);
	free(items.list);
}

void fmt_layout(struct fmt *f)
{
	put_items(f, 0, f->n_tokens, FMT_FILE, 0);
	if (f->length != 0)
		fmt_line(f, 0);
}
