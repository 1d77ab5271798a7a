/* SPDX-License-Identifier: MIT */
/*
 * emit_c_read.c - the function that reads one record, list or map.
 *
 * Members usually come in the order of the contract: each case of a record's switch expects the
 * next member behind its own and falls through to it; whatever else comes goes by its name. What
 * goes wrong is the reader's business: generated code has no error paths.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_parts.h"
#include "pattern_shape.h"

/* A place to read a value into: an lvalue and its address. */
struct target {
	const char *value;
	const char *address;
};

static struct target member_target(struct writer *w, const struct model_member *member)
{
	return (struct target){
	        writer_format(w, "v->%s", member->c_id),
	        writer_format(w, "&v->%s", member->c_id),
	};
}

/* ----------------------------------------------------------------- values */

/* Calls that change a string before it is checked, in their order. NULL behind the last. */
static void list_changes(const struct model_type *type, const char *changes[4])
{
	const struct model_constraints *k = &type->constraints;
	size_t n = 0;

	if (type->kind == MODEL_STRING && k->trim)
		changes[n++] = "msgc_read_trim";
	if (type->kind == MODEL_STRING && k->lower)
		changes[n++] = "msgc_read_lower";
	if (type->kind == MODEL_STRING && k->upper)
		changes[n++] = "msgc_read_upper";
	changes[n] = NULL;
}

static bool is_changed(const struct model_type *type)
{
	const char *changes[4];

	list_changes(type, changes);
	return changes[0] != NULL;
}

/* A function of this contract, which is called as such; what else has one, its table knows. */
static bool has_function(const struct emit_c *c, const struct model_type *type)
{
	const struct emit_c_node *node = emit_c_node(c->plan, type);

	return node != NULL && emit_c_has_function(node, EMIT_C_READ);
}

/* True if a string of this shape keeps to everything that the type demands. */
static bool shape_is_all(const struct model_constraints *c, const struct pattern_shape *shape)
{
	return c->n_patterns == 1 && c->format == MODEL_FORMAT_NONE && c->n_checks == 0 &&
	        !c->not_blank && !c->trim && !c->lower && !c->upper && !c->bytes.has_min &&
	        !c->bytes.has_max && (!c->len.has_min || c->len.min <= shape->least) &&
	        (!c->len.has_max || c->len.max >= shape->most);
}

/* The call that reads a scalar and says whether there is something to check. */
static const char *read_call(
        const struct emit_c *c, const struct model_type *type, struct target to)
{
	const struct model_constraints *constraints = &type->constraints;
	struct pattern_shape shape;

	if (type->kind == MODEL_STRING && constraints->n_patterns == 1 &&
	        pattern_shape(constraints->patterns[0], &shape) &&
	        shape_is_all(constraints, &shape))
		return writer_format(c->w, "msgc_read_str_shaped(r, %s, &%s)", to.address,
		        constraints->patterns[0]->c_name);
	return writer_format(c->w, "msgc_read_%s%s(r, %s)", emit_c_scalar(type)->read,
	        emit_c_form(type), to.address);
}

static void read_scalar(const struct emit_c *c, const struct model_type *type, struct target to)
{
	struct emit_c_check checks[EMIT_C_MAX_CHECKS + 3];
	const char *changes[4];
	size_t n = 0;

	list_changes(type, changes);
	for (; changes[n] != NULL; n++)
		checks[n] = (struct emit_c_check){
		        NULL, writer_format(c->w, "%s(r, %s)", changes[n], to.address)};
	n += emit_c_list_checks(c->w, type, "&r->scope", to.value, "r->number", &checks[n]);
	emit_c_put_checks(c->w, read_call(c, type, to), checks, n);
}

static void read_value(const struct emit_c *c, const struct model_type *type, struct target to)
{
	if (type->kind == MODEL_NULL)
		writer_line(c->w, "msgc_read_none(r);");
	else if (emit_c_has_no_value(type))
		writer_line(c->w, "msgc_type_read(r, %s, NULL);", emit_c_type_address(c, type));
	else if (has_function(c, type))
		writer_line(c->w, "%s(r, %s);", emit_c_function(c, type, EMIT_C_READ), to.address);
	else if (model_kind_is_scalar(type->kind) && type->constraints.n_checks == 0)
		read_scalar(c, type, to);
	else
		writer_line(c->w, "msgc_type_read(r, %s, %s);", emit_c_type_address(c, type),
		        to.address);
}

/* True if read_value() writes one line. */
static bool is_one_line(const struct emit_c *c, const struct model_type *type)
{
	struct emit_c_check checks[EMIT_C_MAX_CHECKS];

	return has_function(c, type) || type->constraints.n_checks > 0 ||
	        (!is_changed(type) && emit_c_list_checks(c->w, type, "", "", "", checks) == 0);
}

/* A value that may be null: is_null is an lvalue. */
static void read_nullable(const struct emit_c *c, const struct model_type *type,
        const char *is_null, struct target to)
{
	bool one_line = is_one_line(c, type);

	writer_line(c->w, "%s = msgc_read_null(r);", is_null);
	writer_line(c->w, one_line ? "if (!%s)" : "if (!%s) {", is_null);
	writer_indent(c->w);
	read_value(c, type, to);
	writer_dedent(c->w);
	if (!one_line)
		writer_line(c->w, "}");
}

/* A record that contains itself through this member is held by pointer. */
static void read_boxed(const struct emit_c *c, const struct model_member *member)
{
	const struct model_type *type = member->use.type;
	struct target boxed = {"*boxed", "boxed"};

	if (member->use.nullable && member->optional) {
		writer_line(c->w, "v->%s_is_null = msgc_read_null(r);", member->c_id);
		writer_open(c->w, "if (!v->%s_is_null) {", member->c_id);
	} else if (member->use.nullable) {
		writer_open(c->w, "if (!msgc_read_null(r)) {");
	} else {
		writer_open(c->w, "{");
	}
	writer_line(c->w, "%s *boxed = msgc_arena_calloc(r->arena, 1, sizeof(*boxed));",
	        emit_c_type(c->w, type));
	writer_blank(c->w);
	writer_line(c->w, "v->%s = boxed;", member->c_id);
	writer_line(c->w, "if (boxed != NULL)");
	writer_indent(c->w);
	read_value(c, type, boxed);
	writer_dedent(c->w);
	writer_line(c->w, "else");
	writer_line(c->w, "\tmsgc_reader_no_memory(r);");
	writer_close(c->w, "}");
}

static void read_member(const struct emit_c *c, const struct model_member *member)
{
	const struct model_use *use = &member->use;
	struct target to = member_target(c->w, member);

	if (use->boxed) {
		read_boxed(c, member);
		return;
	}
	if (member->optional)
		writer_line(c->w, "v->has_%s = true;", member->c_id);
	if (use->nullable)
		read_nullable(c, use->type, writer_format(c->w, "v->%s_is_null", member->c_id), to);
	else
		read_value(c, use->type, to);
}

/* ---------------------------------------------------------------- records */

/* The key as it stands in a text without white space, with its colon, as a C literal. NULL: it
 * needs escapes, or is too long to be compared within the padding. */
static const char *expected_key(struct writer *w, const char *wire)
{
	enum { PADDING = 64 };
	const char *json = writer_json_string(w, wire, strlen(wire));
	size_t length = strlen(json);

	if (length != strlen(wire) + 2 || length + 1 >= PADDING)
		return NULL;
	json = writer_format(w, "%s:", json);
	return writer_c_literal(w, json, length + 1);
}

/* Each case of the switch is one entry of the record's table. */
static const char *comment_of(const struct emit_c_entry *entry)
{
	switch (entry->role) {
	case EMIT_C_TAG: return "which message this is";
	case EMIT_C_SPARE: return "payload: this message has none";
	default: return entry->member->name;
	}
}

static void begin_case(const struct emit_c *c, const struct emit_c_entries *all, size_t bit)
{
	writer_line(c->w, "case %zu: /* %s */", bit, comment_of(&all->items[bit]));
	if (bit == 0 && expected_key(c->w, all->items[0].wire) != NULL)
		writer_line(c->w, "first:");
	writer_indent(c->w);
	writer_line(c->w, "msgc_read_once(r, &o, %sseen, %zu);", all->n > 64 ? "" : "&", bit);
}

/* Falls through where the next member follows, as it usually does. */
static void end_case(const struct emit_c *c, const struct emit_c_entries *all, size_t bit)
{
	const char *next = NULL;

	if (bit + 1 < all->n)
		next = expected_key(c->w, all->items[bit + 1].wire);
	if (next != NULL) {
		writer_line(c->w, "if (!msgc_read_expect(r, &o, %s))", next);
		writer_line(c->w, "\tbreak;");
		writer_line(c->w, "/* fallthrough */");
	} else {
		writer_line(c->w, "break;");
	}
	writer_dedent(c->w);
}

static void read_tag(const struct emit_c *c, const struct model_literal *tag)
{
	const char *words = emit_c_literal_words(c->w, tag);
	const char *expected = writer_c_literal(c->w, words, strlen(words));

	if (tag->kind == MODEL_LITERAL_STRING)
		writer_line(c->w, "msgc_read_literal_str(r, MSGC_STR(%s), %s);",
		        writer_c_literal(c->w, tag->text, strlen(tag->text)), expected);
	else
		writer_line(
		        c->w, "msgc_read_literal_int(r, INT64_C(%s), %s);", tag->text, expected);
}

/* Beside a message's own members may stand those of the envelope. */
static void unknown_member(const struct emit_c *c, const struct model_type *record)
{
	const char *closed = record->is_closed ? "true" : "false";

	if (record->message != NULL)
		writer_line(c->w, "msgc_read_beside(r, &o, %s, %s);",
		        emit_c_beside(c->w, record->message), closed);
	else
		writer_line(c->w, "msgc_read_unknown(r, &o, %s);", closed);
}

static void member_cases(
        const struct emit_c *c, const struct model_type *record, const struct emit_c_entries *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct emit_c_entry *entry = &all->items[i];

		begin_case(c, all, i);
		if (entry->role == EMIT_C_TAG) {
			read_tag(c, entry->tag);
		} else if (entry->role == EMIT_C_SPARE) {
			writer_line(c->w, "if (!msgc_read_null(r))");
			writer_indent(c->w);
			unknown_member(c, record);
			writer_dedent(c->w);
		} else {
			read_member(c, entry->member);
		}
		end_case(c, all, i);
	}
	writer_line(c->w, "default:");
	writer_indent(c->w);
	unknown_member(c, record);
	writer_line(c->w, "break;");
	writer_dedent(c->w);
}

static void member_loop(
        const struct emit_c *c, const struct model_type *record, const struct emit_c_entries *all)
{
	const char *first = all->n > 0 ? expected_key(c->w, all->items[0].wire) : NULL;

	if (first != NULL) {
		writer_line(c->w, "if (msgc_read_expect(r, &o, %s))", first);
		writer_line(c->w, "\tgoto first;");
	}
	if (all->n == 0) {
		writer_line(c->w, "while (msgc_read_member(r, &o))");
		writer_indent(c->w);
		unknown_member(c, record);
		writer_dedent(c->w);
		return;
	}
	writer_open(c->w, "while (msgc_read_member(r, &o)) {");
	writer_line(c->w, "switch (msgc_find_member(%s__type.record, o.at.key)) {", record->c_name);
	member_cases(c, record, all);
	writer_line(c->w, "}");
	writer_close(c->w, "}");
}

/* Members that did not come are the codec's business. */
static void absent_members(
        const struct emit_c *c, const struct model_type *record, const struct emit_c_entries *all)
{
	if (all->n == 0)
		return;
	if (all->n < 64)
		writer_line(
		        c->w, "if (seen != UINT64_C(0x%" PRIX64 "))", (UINT64_C(1) << all->n) - 1);
	writer_line(c->w, "%smsgc_read_absent(r, &o, &%s__type, %sseen, v);",
	        all->n < 64 ? "\t" : "", record->c_name, all->n > 64 ? "" : "&");
}

static void read_record(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *record = node->type;
	struct emit_c_entries all = emit_c_entries_of(record);

	if (all.n > 0 && !emit_c_is_public(node)) {
		writer_blank(c->w);
		writer_line(c->w, "static const struct msgc_type %s__type;", record->c_name);
	}
	emit_c_begin_function(c, record, EMIT_C_READ);
	writer_line(c->w, "struct msgc_object o;");
	if (all.n > 64)
		writer_line(c->w, "uint64_t seen[%zu] = {0};", (all.n + 63) / 64);
	else if (all.n > 0)
		writer_line(c->w, "uint64_t seen = 0;");
	writer_blank(c->w);
	if (all.n == 0)
		writer_line(c->w, "(void)v;");
	writer_line(c->w, "if (!msgc_read_object(r, &o))");
	writer_line(c->w, "\treturn;");
	member_loop(c, record, &all);
	absent_members(c, record, &all);
	writer_line(c->w, "msgc_read_object_end(r, &o);");
	writer_close(c->w, "}");
	free(all.items);
}

/* --------------------------------------------------------- lists and maps */

/* An element or a map's value behind a pointer; in_struct: as the member value of a struct. */
static void read_part(
        const struct emit_c *c, const struct model_use *use, const char *pointer, bool in_struct)
{
	struct target to = {writer_format(c->w, "*%s", pointer), pointer};

	if (in_struct)
		to = (struct target){writer_format(c->w, "%s->value", pointer),
		        writer_format(c->w, "&%s->value", pointer)};
	if (use->type->kind == MODEL_NULL)
		writer_line(c->w, "%s->is_null = msgc_read_none(r);", pointer);
	else if (use->nullable)
		read_nullable(c, use->type, writer_format(c->w, "%s->is_null", pointer), to);
	else
		read_value(c, use->type, to);
}

static void read_list(const struct emit_c *c, const struct model_type *list)
{
	const struct model_constraints *constraints = &list->constraints;
	struct writer *w = c->w;

	writer_line(w, "struct msgc_list l;");
	writer_line(w, "struct msgc_items items = {0};");
	if (constraints->unique)
		writer_line(w, "uint32_t refused = r->scope.refused;");
	writer_blank(w);
	writer_line(w, "if (!msgc_read_list(r, &l, %s))", emit_c_range(w, &constraints->count));
	writer_line(w, "\treturn;");
	writer_open(w, "while (msgc_read_item(r, &l)) {");
	emit_c_wrap(w, 2,
	        writer_format(w, "%s *item = msgc_items_push(r, &items, sizeof(*item));",
	                emit_c_item_type(w, list)));
	writer_blank(w);
	writer_line(w, "if (item == NULL)");
	writer_line(w, "\tbreak;");
	read_part(c, &list->element, "item", emit_c_is_wrapped(&list->element));
	writer_close(w, "}");
	writer_line(w, "v->items = items.items;");
	writer_line(w, "v->count = items.count;");
	writer_line(w, "msgc_read_list_end(r, &l);");
	if (constraints->unique) {
		writer_line(w, "if (r->scope.refused == refused)");
		writer_line(w, "\tmsgc_check_unique(&r->scope, %s, v, r->arena);",
		        emit_c_type_address(c, list));
	}
}

/* Problems of a key are told at the key, not at its value. */
static void check_key(const struct emit_c *c, const struct model_type *key)
{
	struct emit_c_check checks[EMIT_C_MAX_CHECKS];
	size_t n = emit_c_list_checks(c->w, key, "&r->scope", "entry->key", NULL, checks);

	if (n == 0)
		return;
	writer_line(c->w, "msgc_scope_key_begin(&r->scope, &key);");
	emit_c_put_checks(c->w, NULL, checks, n);
	writer_line(c->w, "msgc_scope_key_end(&r->scope);");
}

static bool key_is_checked(struct writer *w, const struct model_type *map)
{
	struct emit_c_check checks[EMIT_C_MAX_CHECKS];

	return map->key != NULL && emit_c_list_checks(w, map->key, "", "", NULL, checks) > 0;
}

static void read_map(const struct emit_c *c, const struct model_type *map)
{
	struct writer *w = c->w;

	writer_line(w, "struct msgc_object o;");
	writer_line(w, "struct msgc_items items = {0};");
	if (key_is_checked(w, map))
		writer_line(w, "struct msgc_loc key;");
	writer_blank(w);
	writer_line(w, "if (!msgc_read_map(r, &o, %s))", emit_c_range(w, &map->constraints.count));
	writer_line(w, "\treturn;");
	writer_open(w, "while (msgc_read_entry(r, &o)) {");
	emit_c_wrap(w, 2,
	        writer_format(w,
	                "struct %s_map_entry *entry = msgc_items_push(r, &items, sizeof(*entry));",
	                map->c_name));
	writer_blank(w);
	writer_line(w, "if (entry == NULL)");
	writer_line(w, "\tbreak;");
	writer_line(w, "entry->key = o.at.key;");
	if (map->key != NULL)
		check_key(c, map->key);
	read_part(c, &map->element, "entry", true);
	writer_close(w, "}");
	writer_line(w, "v->items = items.items;");
	writer_line(w, "v->count = items.count;");
	writer_line(w, "msgc_read_map_end(r, &o);");
}

static void read_string(const struct emit_c *c, const struct model_type *type)
{
	struct emit_c_check checks[EMIT_C_MAX_CHECKS];
	size_t n = emit_c_list_checks(c->w, type, "&r->scope", "*v", NULL, checks);
	const char *changes[4];

	list_changes(type, changes);

	writer_blank(c->w);
	writer_line(c->w, "if (!msgc_read_str(r, v))");
	writer_line(c->w, "\treturn;");
	for (size_t i = 0; changes[i] != NULL; i++)
		writer_line(c->w, "%s(r, v);", changes[i]);
	emit_c_put_checks(c->w, NULL, checks, n);
}

void emit_c_read_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	if (!emit_c_has_function(node, EMIT_C_READ) ||
	        (node->reader != NULL && node->reader != node))
		return;
	if (type->kind == MODEL_RECORD) {
		read_record(c, node);
		return;
	}
	if (type->kind == MODEL_LIST && type->constraints.unique) {
		writer_blank(c->w);
		writer_line(c->w, "static const struct msgc_type %s__type;", node->stem);
	}
	emit_c_begin_function(c, type, EMIT_C_READ);
	if (type->kind == MODEL_LIST)
		read_list(c, type);
	else if (type->kind == MODEL_MAP)
		read_map(c, type);
	else
		read_string(c, type);
	writer_close(c->w, "}");
}
