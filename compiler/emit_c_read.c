/* SPDX-License-Identifier: MIT */
/*
 * emit_c_read.c - readers: code for one record or list that reads it in a straight line where its
 * members come in the contract's order. What it is written in are the words of
 * <msgc/kernel/readers.h>; what these do not say is left to the type's table. It must not know how
 * any value is read.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "emit_c_parts.h"
#include "pattern_shape.h"

enum { BEGIN_MOST = 63 }; /* bytes that may be compared at once: MSGC_PADDING - 1 */

/* ------------------------------------------------------ which there are */

static bool is_word(const char *how, const char *word)
{
	return how != NULL && strcmp(how, word) == 0;
}

/* What is known to come first, and always comes. */
static bool can_begin(struct writer *w, const struct emit_c_entry *entry)
{
	return (entry->role != EMIT_C_MEMBER || !entry->member->optional) &&
	        emit_c_expected_text(w, entry) != NULL;
}

bool emit_c_is_readable(struct writer *w, const struct model_type *record)
{
	struct emit_c_entries all;
	bool is_readable;

	if (!emit_c_is_quick_record(record) || record->n_requires > 0 || record->n_checks > 0)
		return false;
	all = emit_c_entries_of(record);
	is_readable = can_begin(w, &all.items[0]);
	free(all.items);
	return is_readable;
}

/* Its items are read in line. */
bool emit_c_is_readable_list(const struct emit_c_plan *plan, const struct model_type *list)
{
	const struct model_type *element = list->element.type;
	const char *how = emit_c_quick_word(element);

	if (!is_word(emit_c_quick_word(list), "LIST"))
		return false;
	if (is_word(how, "RECORD"))
		return !list->element.boxed && emit_c_has_reader(emit_c_node(plan, element));
	return is_word(how, "STR") || is_word(how, "LEN") || is_word(how, "RUN") ||
	        is_word(how, "INT") || is_word(how, "FLOAT64");
}

bool emit_c_has_reader(const struct emit_c_node *node)
{
	return node != NULL && node->first->is_read;
}

const struct model_type *emit_c_quick_type(const struct model_member *member)
{
	if (member->use.nullable || member->use.boxed ||
	        emit_c_quick_word(member->use.type) == NULL)
		return NULL;
	return member->use.type;
}

bool emit_c_has_readers(const struct emit_c *c)
{
	for (size_t i = 0; i < emit_c_plan_count(c->plan); i++)
		if (emit_c_has_reader(emit_c_plan_at(c->plan, i)))
			return true;
	return false;
}

bool emit_c_is_read_by_table(const struct emit_c_node *node)
{
	return emit_c_has_reader(node) && node->type->kind == MODEL_RECORD &&
	        (node->type->message != NULL || node->is_forward || node->n_reads != 1);
}

void emit_c_declare_readers(const struct emit_c *c)
{
	for (size_t i = 0; i < emit_c_plan_count(c->plan); i++) {
		const struct emit_c_node *node = emit_c_plan_at(c->plan, i);

		if (emit_c_has_reader(node) && node->first == node)
			writer_line(c->w, "MSGC_READER(%s);", node->stem);
	}
}

/* ------------------------------------------------------------- constants */

static const char *bound(struct writer *w, bool is_set, uint64_t v, const char *none)
{
	return is_set ? writer_format(w, "%" PRIu64, v) : none;
}

/* "1, 64" */
static const char *range(struct writer *w, const struct model_range *range)
{
	return writer_format(w, "%s, %s", bound(w, range->has_min, range->min, "0"),
	        bound(w, range->has_max, range->max, "MSGC_NO_MAX"));
}

/* Where the shape stands: other contracts' are known by their patterns alone. */
static const char *shape_address(const struct emit_c *c, const struct model_pattern *pattern)
{
	return writer_format(
	        c->w, pattern->contract == c->contract ? "&%s_shape" : "%s.shape", pattern->c_name);
}

/* ", &rooms__pattern_1_shape, 1, 64"; nothing for any string. */
static const char *string_limits(
        const struct emit_c *c, const char *how, const struct model_type *type)
{
	const struct model_constraints *limits = &type->constraints;
	struct pattern_shape shape = {.most = 0};
	struct writer *w = c->w;
	const char *address;

	if (is_word(how, "STR"))
		return "";
	if (is_word(how, "LEN"))
		return writer_format(w, ", %s", range(w, &limits->len));
	(void)pattern_shape(limits->patterns[0], &shape);
	address = shape_address(c, limits->patterns[0]);
	if (is_word(how, "PLACES"))
		return writer_format(w, ", %s, %" PRIu32, address, shape.most);
	return writer_format(w, ", %s, %" PRIu32 ", %s", address, shape.least,
	        bound(w, shape.most != PATTERN_SHAPE_NO_END, shape.most, "UINT32_MAX"));
}

/* "PLACES" is a word of readers, too; "LEN" is a text to them. */
static const char *string_word(const char *how)
{
	return is_word(how, "LEN") ? "TEXT" : how;
}

static bool is_string(const char *how)
{
	return is_word(how, "STR") || is_word(how, "LEN") || is_word(how, "RUN") ||
	        is_word(how, "PLACES");
}

/* --------------------------------------------------------------- members */

/* Absent, it is that or takes its default. */
static bool may_be_absent(const struct emit_c_entry *entry)
{
	return entry->role == EMIT_C_MEMBER &&
	        (entry->member->optional || entry->member->default_value != NULL);
}

/* How a member's value is taken, where it is just its type's; NULL: by its table. */
static const char *how_of(const struct model_member *member)
{
	const struct model_type *type = emit_c_quick_type(member);

	return type != NULL ? emit_c_quick_word(type) : NULL;
}

/* A string's opening quote is expected with its name. */
static const char *text_before(struct writer *w, const struct emit_c_entry *entry)
{
	const char *text = emit_c_expected_text(w, entry);

	if (entry->role == EMIT_C_MEMBER && is_string(how_of(entry->member)))
		return writer_format(w, "%s\"", text);
	return text;
}

static const char *literal(struct writer *w, const char *text)
{
	return writer_c_literal(w, text, strlen(text));
}

static void take(const struct emit_c *c, size_t index, const struct model_member *member)
{
	const struct model_type *type = member->use.type;
	const char *how = how_of(member), *to = writer_format(c->w, "v->%s", member->c_id);
	const struct emit_c_node *node = emit_c_node(c->plan, type);
	struct writer *w = c->w;
	const char *line;

	if (is_string(how)) {
		line = writer_format(w, "MSGC_TAKE_%s(%zu, %s%s);", string_word(how), index, to,
		        string_limits(c, how, type));
	} else if (is_word(how, "INT")) {
		struct emit_c_int_limits limits = emit_c_int_limits(w, type);

		line = writer_format(
		        w, "MSGC_TAKE_INT(%zu, %s, %s, %s);", index, to, limits.least, limits.most);
	} else if (is_word(how, "BOOL") || is_word(how, "FLOAT64")) {
		line = writer_format(w, "MSGC_TAKE_%s(%zu, %s);", how, index, to);
	} else if (is_word(how, "ENUM")) {
		line = writer_format(
		        w, "MSGC_TAKE_ENUM(%zu, %s, %s);", index, to, emit_c_type_address(c, type));
	} else if (how != NULL && emit_c_has_reader(node)) {
		line = writer_format(w, "MSGC_TAKE_OWN(%s, %s, %s);", literal(w, member->wire), to,
		        node->first->stem);
	} else {
		line = writer_format(w, "MSGC_TAKE_MEMBER(%zu);", index);
	}
	emit_c_wrap(w, 1, line);
}

/* One that may be absent. */
static void take_if_there(
        const struct emit_c *c, size_t index, const struct emit_c_entry *entry, const char *text)
{
	const struct model_member *member = entry->member;

	writer_open(c->w, "if (MSGC_MAY_COME(%zu, %s)) {", index, literal(c->w, text));
	/* What tables take, they take with all that belongs to it. */
	if (how_of(member) != NULL && member->default_value == NULL)
		writer_line(c->w, "v->has_%s = true;", member->c_id);
	take(c, index, member);
	writer_close(c->w, "}");
}

/* --------------------------------------------------------------- records */

/* Need not come, and does not as a rule: nothing is expected of it. */
static bool is_unlooked_for(struct writer *w, const struct emit_c_entry *entry)
{
	return entry->role == EMIT_C_SPARE || entry->role == EMIT_C_REF ||
	        (may_be_absent(entry) && emit_c_expected_text(w, entry) == NULL);
}

static uint64_t missing(struct writer *w, const struct emit_c_entries *all)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < all->n; i++)
		if (is_unlooked_for(w, &all->items[i]))
			bits |= UINT64_C(1) << i;
	return bits;
}

static uint64_t defaults(const struct emit_c_entries *all)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].role == EMIT_C_MEMBER &&
		        all->items[i].member->default_value != NULL)
			bits |= UINT64_C(1) << i;
	return bits;
}

static const char *bits_text(struct writer *w, uint64_t bits)
{
	return bits != 0 ? writer_format(w, "UINT64_C(0x%" PRIX64 ")", bits) : "0";
}

/* The brace and the first entry; a tag and what comes behind it in one piece. Returns how many. */
static size_t begin_record(
        const struct emit_c *c, const struct emit_c_node *node, const struct emit_c_entries *all)
{
	const char *first = writer_format(c->w, "{%s", text_before(c->w, &all->items[0])), *both;
	struct writer *w = c->w;
	size_t n = 1;

	if (all->n > 1 && all->items[0].role == EMIT_C_TAG && can_begin(w, &all->items[1])) {
		both = writer_format(w, "%s,%s", first, text_before(w, &all->items[1]));
		if (strlen(both) <= BEGIN_MOST) {
			first = both;
			n = 2;
		}
	}
	emit_c_wrap(w, 1,
	        writer_format(w, "MSGC_RECORD(&%s__type, %s, %s);", node->stem,
	                bits_text(w, missing(w, all)), literal(w, first)));
	if (all->items[n - 1].role == EMIT_C_MEMBER)
		take(c, n - 1, all->items[n - 1].member);
	return n;
}

/* False: from here on nothing is expected. */
static bool next_entry(const struct emit_c *c, size_t index, const struct emit_c_entry *entry)
{
	struct writer *w = c->w;
	const char *text;

	if (is_unlooked_for(w, entry))
		return true;
	if (emit_c_expected_text(w, entry) == NULL) {
		writer_line(w, "return MSGC_REST(%zu);", index);
		return false;
	}
	text = writer_format(w, ",%s", text_before(w, entry));
	if (may_be_absent(entry)) {
		take_if_there(c, index, entry, text);
		return true;
	}
	emit_c_wrap(w, 1, writer_format(w, "MSGC_NEXT(%zu, %s);", index, literal(w, text)));
	if (entry->role == EMIT_C_MEMBER)
		take(c, index, entry->member);
	return true;
}

static void record_reader(const struct emit_c *c, const struct emit_c_node *node)
{
	struct emit_c_entries all = emit_c_entries_of(node->type);
	struct writer *w = c->w;
	bool goes_on = true;
	size_t i;

	writer_line(w, "%s *v = value;", emit_c_type(w, node->type));
	writer_blank(w);
	i = begin_record(c, node, &all);
	for (; goes_on && i < all.n; i++)
		goes_on = next_entry(c, i, &all.items[i]);
	if (goes_on)
		writer_line(w, "MSGC_RECORD_END(%zu, %s);", all.n, bits_text(w, defaults(&all)));
	free(all.items);
}

/* ----------------------------------------------------------------- lists */

static void list_reader(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *list = node->type, *element = list->element.type;
	const char *how = emit_c_quick_word(element), *line;
	struct writer *w = c->w;
	const char *items = writer_format(w, "%s, %s", range(w, &list->constraints.count),
	        list->constraints.unique ? "true" : "false");

	if (is_word(how, "RECORD")) {
		line = writer_format(w, "MSGC_LIST_OF_RECORDS(&%s__type, %s, %s, %s);", node->stem,
		        emit_c_item_type(w, list), items, emit_c_node(c->plan, element)->stem);
	} else if (is_word(how, "INT")) {
		struct emit_c_int_limits limits = emit_c_int_limits(w, element);

		line = writer_format(w, "MSGC_LIST_OF_INTS(&%s__type, %s, %s, %s, %s);", node->stem,
		        emit_c_item_type(w, list), items, limits.least, limits.most);
	} else {
		line = writer_format(w, "MSGC_LIST_OF_%sS(&%s__type, %s%s);", string_word(how),
		        node->stem, items,
		        is_word(how, "FLOAT64") ? "" : string_limits(c, how, element));
	}
	emit_c_wrap(w, 1, line);
}

/* ------------------------------------------------------------------ file */

static void reader(const struct emit_c *c, const struct emit_c_node *node)
{
	struct writer *w = c->w;

	writer_blank(w);
	writer_open(w, "static char *MSGC_OWN(%s)(struct msgc_reader *r, char *p, void *value)",
	        node->stem);
	writer_outdent(w, "{");
	if (node->type->kind == MODEL_RECORD)
		record_reader(c, node);
	else
		list_reader(c, node);
	writer_close(w, "}");
}

/* The file is included by itself, once for each set of vector instructions. */
void emit_c_readers_source(const struct emit_c *c)
{
	enum { SETS = 3 };
	struct writer *w = c->w;

	writer_blank(w);
	writer_comment(w, "The readers below, once for each set of vector instructions.");
	for (int i = 0; i < SETS; i++) {
		writer_flush_left(w, "#include <msgc/kernel/set.h>");
		writer_flush_left(w, "#include \"%s.msgc.c\"", c->contract->stem);
	}
	writer_flush_left(w, "#include <msgc/kernel/set.h>");
	writer_blank(w);
	writer_flush_left(w, "#elif defined(MSGC_SET)");
	for (size_t i = 0; i < emit_c_plan_count(c->plan); i++) {
		const struct emit_c_node *node = emit_c_plan_at(c->plan, i);

		if (emit_c_has_reader(node) && node->first == node)
			reader(c, node);
	}
	writer_blank(w);
	writer_flush_left(w, "#endif");
}
