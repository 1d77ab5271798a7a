/* SPDX-License-Identifier: MIT */
/*
 * emit_c_type.c - the tables of <msgc/type.h>: one object for each type, which holds all that the
 * codec must know of it. It must not know what the codec does with them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_parts.h"

/* ------------------------------------------------------------- references */

/* The name of the object behind a node; lists and maps with the same rules share one. */
static const char *object_name(struct writer *w, const struct emit_c_node *node)
{
	return writer_format(w, "%s__type", node->first->stem);
}

static const char *literal_kind(const struct model_literal *literal)
{
	switch (literal->kind) {
	case MODEL_LITERAL_STRING: return "STR";
	case MODEL_LITERAL_INT: return "INT";
	default: return "BOOL";
	}
}

const char *emit_c_literal_initializer(struct writer *w, const struct model_literal *literal)
{
	const char *text = literal->text;

	if (literal->kind == MODEL_LITERAL_STRING)
		text = writer_c_literal(w, text, strlen(text));
	return writer_format(w, "MSGC_LITERAL_OF_%s(%s)", literal_kind(literal), text);
}

/* The words for one literal in a list of what is expected: 'chat', 10. */
const char *emit_c_literal_words(struct writer *w, const struct model_literal *literal)
{
	return writer_format(
	        w, literal->kind == MODEL_LITERAL_STRING ? "'%s'" : "%s", literal->text);
}

static const char *constant(struct writer *w, const struct model_literal *literal)
{
	static const char *const json[] = {[MODEL_LITERAL_STRING] = "STRING",
	        [MODEL_LITERAL_INT] = "NUMBER",
	        [MODEL_LITERAL_BOOL] = "BOOLEAN"};
	const char *words = emit_c_literal_words(w, literal);

	return writer_format(w, "MSGC_CONSTANT(%s, MSGC_JSON_%s, %s)",
	        emit_c_literal_initializer(w, literal), json[literal->kind],
	        writer_c_literal(w, words, strlen(words)));
}

const char *emit_c_type_address(const struct emit_c *c, const struct model_type *type)
{
	const struct emit_c_node *node = emit_c_node(c->plan, type);
	const struct emit_c_scalar *scalar = emit_c_scalar(type);

	if (type->kind == MODEL_NULL)
		return "&msgc_null_type";
	if (type->kind == MODEL_ENUM && type->is_constant)
		return constant(c->w, &type->values[0].literal);
	if (scalar != NULL && !emit_c_has_limits(type))
		return writer_format(c->w, "&msgc_%s%s_type", scalar->word, emit_c_form(type));
	return writer_format(c->w, "&%s", object_name(c->w, node));
}

/* ----------------------------------------------------------- definitions */

/* ".flags = MSGC_TYPE_FLAT | MSGC_TYPE_ANY," */
static void put_flags(struct writer *w, const struct emit_c_node *node)
{
	const struct {
		bool is_set;
		const char *name;
	} flags[] = {
	        {node->is_flat, "FLAT"},
	        {!node->is_checked, "ANY"},
	        {node->is_forward, "RECURSIVE"},
	        {node->type->kind == MODEL_RECORD && node->type->is_closed, "CLOSED"},
	        {node->type->kind == MODEL_ENUM && node->type->is_open, "OPEN"},
	        {node->type->kind == MODEL_LIST && node->type->constraints.unique, "UNIQUE"},
	};
	const char *text = "";

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].is_set)
			text = writer_format(
			        w, "%s%sMSGC_TYPE_%s", text, *text ? " | " : "", flags[i].name);
	if (*text != '\0')
		writer_line(w, ".flags = %s,", text);
}

void emit_c_begin_type(const struct emit_c *c, const struct emit_c_node *node, const char *kind)
{
	const struct model_type *type = node->type;
	bool is_static = !emit_c_is_public(node);

	emit_c_check_thunks(c, node->stem, type->constraints.checks, type->constraints.n_checks);
	emit_c_check_thunks(c, node->stem, type->checks, type->n_checks);
	writer_blank(c->w);
	writer_open(c->w, "%sconst struct msgc_type %s = {", is_static ? "static " : "",
	        object_name(c->w, node));
	writer_line(c->w, ".kind = MSGC_KIND_%s,", kind);
	put_flags(c->w, node);
	emit_c_quick(c->w, type);
	writer_line(c->w, ".size = sizeof(%s),", emit_c_type(c->w, type));
	emit_c_check_table(c, node->stem, type->constraints.n_checks + type->n_checks);
}

static void put_readers(const struct emit_c *c, const struct emit_c_node *node)
{
	if (emit_c_is_read_by_table(node))
		writer_line(c->w, ".straight = MSGC_READERS(%s),", node->stem);
}

/* --------------------------------------------------------------- scalars */

static const char *kind_word(enum model_kind kind)
{
	static const char *const words[] = {[MODEL_BOOL] = "BOOL",
	        [MODEL_INT8] = "INT8",
	        [MODEL_INT16] = "INT16",
	        [MODEL_INT32] = "INT32",
	        [MODEL_INT53] = "INT53",
	        [MODEL_INT64] = "INT64",
	        [MODEL_UINT8] = "UINT8",
	        [MODEL_UINT16] = "UINT16",
	        [MODEL_UINT32] = "UINT32",
	        [MODEL_UINT64] = "UINT64",
	        [MODEL_FLOAT32] = "FLOAT32",
	        [MODEL_FLOAT64] = "FLOAT64",
	        [MODEL_DECIMAL] = "DECIMAL",
	        [MODEL_STRING] = "STR",
	        [MODEL_BYTES] = "BYTES",
	        [MODEL_DATETIME] = "DATETIME",
	        [MODEL_DATE] = "DATE",
	        [MODEL_TIME] = "TIME",
	        [MODEL_DURATION] = "DURATION",
	        [MODEL_UUID] = "UUID",
	        [MODEL_JSON] = "JSON",
	        [MODEL_NULL] = "NULL"};

	return words[kind];
}

static void put_form(struct writer *w, const struct model_type *type)
{
	const char *form = emit_c_form(type);

	if (strcmp(form, "_str") == 0)
		writer_line(w, ".form = MSGC_FORM_STRING,");
	else if (strcmp(form, "_unix") == 0)
		writer_line(w, ".form = MSGC_FORM_UNIX,");
	else if (strcmp(form, "_unix_ms") == 0)
		writer_line(w, ".form = MSGC_FORM_UNIX_MS,");
}

static void put_bound(struct writer *w, const struct model_type *type, const char *which,
        const struct model_number *bound)
{
	bool is_unsigned = type->kind >= MODEL_UINT8 && type->kind <= MODEL_UINT64;
	const char *value = "";

	if (bound == NULL)
		return;
	if (type->kind == MODEL_FLOAT32 || type->kind == MODEL_FLOAT64)
		value = writer_format(w, ", {.f = %s}", emit_c_number(w, type->kind, bound));
	else if (type->kind != MODEL_DECIMAL)
		value = writer_format(w, ", {.%c = %s}", is_unsigned ? 'u' : 'i',
		        emit_c_number(w, type->kind, bound));
	else
		value = ", {0}";
	writer_line(w, "{MSGC_%s, \"%s\"%s},", which, bound->text, value);
}

static void put_number(struct writer *w, const struct model_type *type)
{
	struct model_constraints c = type->constraints;
	size_t n;

	emit_c_drop_vacuous(type, &c);
	n = (size_t)(c.min != NULL) + (c.max != NULL) + (c.above != NULL) + (c.below != NULL) +
	        (c.step != NULL);
	if (n == 0 && !model_kind_is_int(type->kind))
		return;
	writer_open(w, ".number = &(const struct msgc_type_number){");
	if (n > 0) {
		writer_open(w, ".bounds = (const struct msgc_bound[]){");
		put_bound(w, type, "MIN", c.min);
		put_bound(w, type, "MAX", c.max);
		put_bound(w, type, "ABOVE", c.above);
		put_bound(w, type, "BELOW", c.below);
		put_bound(w, type, "STEP", c.step);
		writer_close(w, "},");
		writer_line(w, ".n_bounds = %zu,", n);
	}
	if (!emit_c_int_range(w, type) && n == 0)
		writer_line(w, ".n_bounds = 0,"); /* C wants something between braces */
	writer_close(w, "},");
}

static void put_range(struct writer *w, const char *name, const struct model_range *range)
{
	if (range->has_min && range->min > 0)
		writer_line(w, ".%s_min = %" PRIu64 ",", name, range->min);
	if (range->has_max)
		writer_line(w, ".%s_max = %" PRIu64 ",", name, range->max);
	else if (range->has_min)
		writer_line(w, ".%s_max = MSGC_NO_MAX,", name);
}

static void put_patterns(struct writer *w, const struct model_constraints *c)
{
	if (c->n_patterns == 0)
		return;
	writer_open(w, ".patterns = (const struct msgc_pattern *const[]){");
	for (size_t i = 0; i < c->n_patterns; i++)
		writer_line(w, "&%s,", c->patterns[i]->c_name);
	writer_close(w, "},");
	writer_line(w, ".n_patterns = %zu,", c->n_patterns);
}

static void put_text(struct writer *w, const struct model_type *type)
{
	const struct model_constraints *c = &type->constraints;
	const struct {
		bool is_set;
		const char *name;
	} flags[] = {
	        {c->trim, "TRIM"},
	        {c->lower, "LOWER"},
	        {c->upper, "UPPER"},
	        {c->not_blank, "NOT_BLANK"},
	        {c->len.has_min || c->len.has_max, "LEN"},
	        {c->bytes.has_min || c->bytes.has_max, "BYTES"},
	};
	const char *text = "";

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].is_set)
			text = writer_format(
			        w, "%s%sMSGC_TEXT_%s", text, *text ? " | " : "", flags[i].name);
	writer_open(w, ".text = &(const struct msgc_type_text){");
	if (*text != '\0' || (c->format == MODEL_FORMAT_NONE && c->n_patterns == 0))
		writer_line(w, ".flags = %s,", *text != '\0' ? text : "0");
	put_range(w, "len", &c->len);
	put_range(w, "bytes", &c->bytes);
	if (c->format != MODEL_FORMAT_NONE)
		writer_line(w, ".format = msgc_check_%s,", emit_c_format(c->format));
	put_patterns(w, c);
	writer_close(w, "},");
}

static void scalar_type(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	emit_c_begin_type(c, node, kind_word(type->kind));
	put_form(c->w, type);
	put_readers(c, node);
	if (type->kind == MODEL_STRING || type->kind == MODEL_BYTES)
		put_text(c->w, type);
	else
		put_number(c->w, type);
	writer_close(c->w, "};");
}

/* ----------------------------------------------------------------- enums */

static struct model_literal literal_of(
        const struct emit_c *c, const struct model_type *type, const struct model_enum_value *value)
{
	struct model_literal literal = value->literal;

	if (value->wire != NULL) {
		literal.kind = MODEL_LITERAL_STRING;
		literal.text = value->wire;
	} else if (type->is_int_enum) {
		literal.kind = MODEL_LITERAL_INT;
		literal.text = writer_format(c->w, "%d", (int)value->number);
	}
	return literal;
}

/* A name is found once: a string that travels goes before a number or truth value called so. */
static void leave_to_strings(const char **words, const bool *is_string, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n && words[i] != NULL && !is_string[i]; j++)
			if (is_string[j] && strcmp(words[j], words[i]) == 0)
				words[i] = NULL;
}

static void put_values(const struct emit_c *c, const struct model_type *type)
{
	const char **words = memory_get((type->n_values + 1) * sizeof(*words));
	bool *is_string = memory_get((type->n_values + 1) * sizeof(*is_string));
	bool has[3] = {false};
	struct writer *w = c->w;

	writer_open(w, ".values = (const struct msgc_enum_value[]){");
	for (size_t i = 0; i < type->n_values; i++) {
		struct model_literal literal = literal_of(c, type, &type->values[i]);
		const char *name = "NULL";

		has[literal.kind] = true;
		is_string[i] = literal.kind == MODEL_LITERAL_STRING;
		words[i] = literal.text;
		if (!is_string[i] && !type->is_of_literals) {
			words[i] = type->values[i].name;
			name = writer_c_literal(w, words[i], strlen(words[i]));
		}
		writer_line(w, "{%s, %s, %s},", emit_c_literal_initializer(w, &literal),
		        type->values[i].c_name, name);
	}
	writer_close(w, "},");
	writer_line(w, ".n_values = %zu,", type->n_values);
	writer_line(w, ".expected = %s,", emit_c_expected(w, type));
	writer_line(w, ".json = %s%s%s,", has[MODEL_LITERAL_STRING] ? "MSGC_JSON_STRING" : "",
	        has[MODEL_LITERAL_INT]
	                ? has[MODEL_LITERAL_STRING] ? " | MSGC_JSON_NUMBER" : "MSGC_JSON_NUMBER"
	                : "",
	        has[MODEL_LITERAL_BOOL] ? has[MODEL_LITERAL_STRING] || has[MODEL_LITERAL_INT]
	                        ? " | MSGC_JSON_BOOLEAN"
	                        : "MSGC_JSON_BOOLEAN"
	                                : "");
	if (has[MODEL_LITERAL_STRING] && (has[MODEL_LITERAL_INT] || has[MODEL_LITERAL_BOOL]))
		leave_to_strings(words, is_string, type->n_values);
	emit_c_slots(w, words, type->n_values);
	emit_c_enum_by_number(w, type);
	if (type->is_open) {
		if (type->is_int_enum)
			writer_line(w, ".open_int = true,");
		writer_line(w, ".unknown = %s,", type->unknown_c_name);
		writer_line(w, ".unknown_at = MSGC_AT(%s_open, unknown),", type->c_name);
	}
	free(is_string);
	free(words);
}

static void enum_type(const struct emit_c *c, const struct emit_c_node *node)
{
	emit_c_begin_type(c, node, "ENUM");
	writer_open(c->w, ".values = &(const struct msgc_type_enum){");
	put_values(c, node->type);
	writer_close(c->w, "},");
	writer_close(c->w, "};");
}

/* --------------------------------------------------------------- records */

/* "MSGC_OPTIONAL(rooms_entry, reply_to)" */
static const char *place_in_struct(
        struct writer *w, const struct model_type *record, const struct model_member *member)
{
	const struct model_use *use = &member->use;
	bool no_value = emit_c_has_no_value(use->type);
	bool nullable = use->nullable && use->type->kind != MODEL_NULL;
	const char *how = member->optional ? nullable ? "OPTIONAL_NULLABLE" : "OPTIONAL"
	        : nullable                 ? "NULLABLE"
	                                   : "REQUIRED";
	const char *where = writer_format(w, "(%s, %s)", record->c_name, member->c_id);

	if (no_value && !member->optional && !nullable)
		return "MSGC_NO_VALUE";
	if (no_value)
		return writer_format(w, "MSGC_NO_VALUE_%s%s", how, where);
	if (use->boxed && !member->optional && !nullable)
		return writer_format(w, "MSGC_BOXED%s", where);
	return writer_format(w, "MSGC_%s%s%s", use->boxed ? "BOXED_" : "", how, where);
}

/* On one line, or on two where that is too long. */
static void put_entry(struct writer *w, const char *head, const char *tail)
{
	enum { COLUMNS = 100 - 3 * 8 };

	if (strlen(head) + strlen(tail) < COLUMNS) {
		writer_line(w, "%s %s", head, tail);
		return;
	}
	emit_c_wrap(w, 3, head);
	emit_c_wrap(w, 3, writer_format(w, "\t%s", tail));
}

static void put_member(
        const struct emit_c *c, const struct model_type *record, const struct emit_c_entry *entry)
{
	const struct model_member *member = entry->member;
	struct writer *w = c->w;
	const char *fill = emit_c_fill(c, record, member);
	const char *type = emit_c_type_address(c, member->use.type);
	const char *line = place_in_struct(w, record, member);
	const char *head;

	if (member->wire == NULL) {
		put_entry(w, writer_format(w, "{MSGC_ELEMENT(\"%s\", %s),", member->name, type),
		        writer_format(w, "%s},", line));
		return;
	}
	head = writer_format(w, "{%s,", emit_c_named_member(w, entry, type));
	if (emit_c_needs_escapes(w, member->wire))
		line = writer_format(w, "%s, .role = MSGC_ROLE_ESCAPED", line);
	if (fill != NULL)
		line = writer_format(w, "%s, .fill = %s", line, fill);
	if (strcmp(member->name, member->wire) != 0)
		line = writer_format(w, "%s, .name = \"%s\"", line, member->name);
	put_entry(w, head, writer_format(w, "%s},", line));
}

/* A name that stands in the table for something else than a member: with its role. */
static void put_named(const struct emit_c *c, const struct emit_c_entry *entry, const char *type,
        const char *role)
{
	struct writer *w = c->w;
	const char *name = NULL, *more = "";

	if (entry->role == EMIT_C_TAG && entry->wire != NULL)
		name = emit_c_whole_member(w, entry->wire, entry->tag, type);
	if (name == NULL && entry->wire == NULL)
		name = writer_format(w, "MSGC_ELEMENT(NULL, %s)", type);
	else if (name == NULL)
		name = emit_c_named_member(w, entry, type);
	if (entry->wire != NULL && emit_c_needs_escapes(w, entry->wire))
		more = " | MSGC_ROLE_ESCAPED";
	put_entry(w, writer_format(w, "{%s,", name),
	        writer_format(w, "MSGC_NO_VALUE, .role = MSGC_ROLE_%s%s},", role, more));
}

static void put_entries(
        const struct emit_c *c, const struct model_type *record, const struct emit_c_entries *all)
{
	writer_open(c->w, ".members = (const struct msgc_member[]){");
	for (size_t i = 0; i < all->n; i++) {
		const struct emit_c_entry *entry = &all->items[i];

		switch (entry->role) {
		case EMIT_C_MEMBER: put_member(c, record, entry); break;
		case EMIT_C_TAG: put_named(c, entry, constant(c->w, entry->tag), "TAG"); break;
		case EMIT_C_SPARE: put_named(c, entry, "NULL", "SPARE"); break;
		case EMIT_C_REF:
			put_named(c, entry, "NULL",
			        model_kind_is_int(c->contract->envelope.ref_kind) ? "REF_INT"
			                                                          : "REF");
			break;
		case EMIT_C_BESIDE: put_named(c, entry, "NULL", "BESIDE"); break;
		}
	}
	if (emit_c_is_quick_record(record))
		writer_line(c->w, "MSGC_NO_MEMBER,");
	writer_close(c->w, "},");
	writer_line(c->w, ".n_members = %zu,", all->n);
	emit_c_must_come(c->w, record, all);
}

static void put_member_slots(const struct emit_c *c, const struct emit_c_entries *all)
{
	const char **names = memory_get((all->n + 1) * sizeof(*names));

	for (size_t i = 0; i < all->n; i++)
		names[i] = all->items[i].wire;
	emit_c_slots(c->w, names, all->n);
	free(names);
}

static void record_type(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *record = node->type;
	const struct model_message *message = record->message;
	const char *name = message != NULL ? message->name : record->name;
	struct emit_c_entries entries = emit_c_entries_of(record);

	emit_c_default_objects(c, record);
	emit_c_require_functions(c, record);
	emit_c_begin_type(c, node, record->kind == MODEL_RECORD ? "RECORD" : "TUPLE");
	put_readers(c, node);
	writer_open(c->w, ".record = &(const struct msgc_type_record){");
	if (name != NULL)
		writer_line(c->w, ".name = \"%s\",", name);
	if (entries.n > 0)
		put_entries(c, record, &entries);
	else
		writer_line(c->w, ".n_members = 0,");
	if (record->kind == MODEL_RECORD)
		put_member_slots(c, &entries);
	if (message != NULL && record->kind == MODEL_RECORD)
		writer_line(c->w, ".beside = %s,", emit_c_beside(c->w, message));
	emit_c_require_table(c, record);
	if (record->further != NULL) {
		writer_line(c->w, ".further = %s,", emit_c_type_address(c, record->further));
		writer_line(
		        c->w, ".further_at = MSGC_AT(%s, %s),", record->c_name, record->further_id);
	}
	writer_close(c->w, "},");
	writer_close(c->w, "};");
	free(entries.items);
}

/* --------------------------------------------------------- lists and maps */

static void items_type(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;
	const struct model_range *count = &type->constraints.count;
	bool is_map = type->kind == MODEL_MAP;
	bool is_wrapped = emit_c_is_wrapped(&type->element);
	const char *item = writer_format(c->w, "struct %s_map_entry", type->c_name);
	struct writer *w = c->w;

	if (!is_map)
		item = emit_c_item_type(w, type);
	emit_c_begin_type(c, node, is_map ? "MAP" : "LIST");
	put_readers(c, node);
	writer_open(w, ".items = &(const struct msgc_type_items){");
	writer_line(w, ".element = %s,", emit_c_type_address(c, type->element.type));
	if (is_map && type->key != NULL && emit_c_has_limits(type->key))
		writer_line(w, ".key = %s,", emit_c_type_address(c, type->key));
	writer_line(w, ".item_size = sizeof(%s),", item);
	if ((is_map || is_wrapped) && !emit_c_has_no_value(type->element.type))
		writer_line(w, ".value_at = offsetof(%s, value),", item);
	if (is_wrapped) {
		writer_line(w, ".is_wrapped = true,");
		writer_line(w, ".null_at = offsetof(%s, is_null),", item);
	}
	if (count->has_min && count->min > 0)
		writer_line(w, ".min = %" PRIu64 ",", count->min);
	if (count->has_max)
		writer_line(w, ".max = %" PRIu64 ",", count->max);
	else
		writer_line(w, ".max = MSGC_NO_MAX,");
	writer_close(w, "},");
	writer_close(w, "};");
}

/* -------------------------------------------------------------- messages */

static void put_tags(struct writer *w, const struct model_message *message)
{
	if (message->n_tags == 0)
		return;
	writer_open(w, ".tags = (const struct msgc_tag[]){");
	for (size_t i = 0; i < message->n_tags; i++) {
		const struct model_literal *tag = &message->tags[i];

		if (tag->kind == MODEL_LITERAL_STRING)
			writer_line(w, "{MSGC_TAG_STRING, MSGC_STR_INIT(%s), 0},",
			        writer_c_literal(w, tag->text, strlen(tag->text)));
		else
			writer_line(w, "{MSGC_TAG_INTEGER, {NULL, 0}, INT64_C(%s)},", tag->text);
	}
	writer_close(w, "},");
	writer_line(w, ".tag_count = %zu,", message->n_tags);
}

static void message_object(const struct emit_c *c, const struct model_message *message)
{
	static const char *const kinds[] = {[MODEL_MESSAGE_PLAIN] = "MSGC_MESSAGE_PLAIN",
	        [MODEL_MESSAGE_GROUP] = "MSGC_MESSAGE_GROUP",
	        [MODEL_MESSAGE_EVENT] = "MSGC_MESSAGE_EVENT"};
	bool has_word = message->n_tags == 1 && message->tags[0].kind == MODEL_LITERAL_STRING;
	const char *name = has_word ? message->wire : message->name;
	struct writer *w = c->w;

	writer_blank(w);
	writer_open(w, "const struct msgc_message %s_message = {", message->c_name);
	writer_line(w, ".name = %s,", writer_c_literal(w, name, strlen(name)));
	writer_line(w, ".name_len = %zu,", strlen(name));
	put_tags(w, message);
	writer_line(w, ".size = sizeof(struct %s),", message->c_name);
	writer_line(w, ".kind = %s,", kinds[message->kind]);
	writer_line(w, ".type = &%s__type,", message->c_name);
	writer_close(w, "};");
}

void emit_c_type_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *type = node->type;

	if (node->first != node)
		return;
	switch (type->kind) {
	case MODEL_ENUM: enum_type(c, node); break;
	case MODEL_UNION:
	case MODEL_CHOICE: emit_c_union_table(c, node); break;
	case MODEL_RECORD:
	case MODEL_TUPLE:
		record_type(c, node);
		if (type->message != NULL)
			message_object(c, type->message);
		break;
	case MODEL_LIST:
	case MODEL_MAP: items_type(c, node); break;
	default:
		if (emit_c_has_limits(type))
			scalar_type(c, node);
	}
}
