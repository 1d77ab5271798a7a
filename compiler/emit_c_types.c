/* SPDX-License-Identifier: MIT */
/*
 * emit_c_types.c - the header's types and prototypes: enums, lists and maps, records, then the
 * functions of each record and message.
 *
 * Lists and maps hold pointers, so they come before the records that they hold, and all records
 * before the entries that hold records by value. No order of the contract can break this one.
 */
#include "emit_c_parts.h"

/* A doc comment, with what to use instead of something deprecated. */
static void doc(struct writer *w, const char *text, const char *deprecated)
{
	if (deprecated == NULL)
		writer_doc(w, text);
	else
		writer_comment(w, "%s%sDeprecated: %s", text != NULL ? text : "",
		        text != NULL ? "\n" : "", deprecated);
}

/* ------------------------------------------------------------------ enums */

static void enum_type(const struct emit_c *c, const struct model_type *type)
{
	struct writer *w = c->w;

	writer_blank(w);
	writer_doc(w, type->doc);
	writer_open(w, "enum %s {", type->c_name);
	if (type->is_open)
		writer_line(w, "%s = %s,", type->unknown_c_name,
		        type->is_int_enum ? "INT32_MIN" : "-1");
	for (size_t i = 0; i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];

		writer_doc(w, value->doc);
		if (type->is_int_enum)
			writer_line(w, "%s = %d,", value->c_name, (int)value->number);
		else
			writer_line(w, "%s,", value->c_name);
	}
	writer_close(w, "};");
	if (!type->is_open)
		return;
	writer_blank(w);
	writer_open(w, "struct %s_open {", type->c_name);
	writer_line(w, "enum %s value;", type->c_name);
	writer_line(w, "%sunknown; /* %s: what came */",
	        type->is_int_enum ? "int64_t " : "struct msgc_str ", type->unknown_c_name);
	writer_close(w, "};");
}

/* --------------------------------------------------------- lists and maps */

/* Two lists of the same record in place, reached by way of an alias, are the same type in C. */
static bool is_first_of_element(const struct emit_c *c, const struct model_type *list)
{
	for (size_t i = 0; i < c->contract->n_types; i++) {
		const struct model_type *type = c->contract->types[i];

		if (type == list)
			return true;
		if (type->kind == MODEL_LIST && type->element.type == list->element.type &&
		        !emit_c_is_wrapped(&type->element))
			return false;
	}
	return true;
}

/*
 * The item type of the list struct that comes with this type; NULL: none. Enums and named records
 * bring theirs whether this contract has a list of them or not, for two contracts that import them
 * may; a message is never in a list.
 */
static const char *items_of(const struct emit_c *c, const struct model_type *type)
{
	const struct model_type *element = type->element.type;

	if ((type->kind == MODEL_ENUM && !type->is_constant) ||
	        (emit_c_is_struct(type) && type->name != NULL && type->message == NULL))
		return emit_c_type(c->w, type);
	if (type->kind == MODEL_MAP)
		return writer_format(c->w, "struct %s_map_entry", type->c_name);
	if (type->kind != MODEL_LIST)
		return NULL;
	if (emit_c_is_wrapped(&type->element) || element->kind == MODEL_LIST ||
	        element->kind == MODEL_MAP)
		return emit_c_item_type(c->w, type);
	if (emit_c_is_struct(element) && element->name == NULL &&
	        element->contract == c->contract && is_first_of_element(c, type))
		return emit_c_type(c->w, element);
	return NULL;
}

static void collection(const struct emit_c *c, const struct model_type *type, const char *items)
{
	const char *name = emit_c_type(c->w, type);

	if (type->kind == MODEL_ENUM || emit_c_is_struct(type))
		name = writer_format(c->w, "struct %s_list", type->c_name);
	writer_blank(c->w);
	writer_open(c->w, "%s {", name);
	writer_line(c->w, "const %s *items;", items);
	writer_line(c->w, "size_t count;");
	writer_close(c->w, "};");
}

static void collections(const struct emit_c *c)
{
	bool any = false;

	for (size_t i = 0; i < c->contract->n_types; i++) {
		const char *items = items_of(c, c->contract->types[i]);

		if (items == NULL)
			continue;
		if (!any) {
			writer_blank(c->w);
			writer_comment(c->w, "Lists and maps. items may be NULL where count is 0.");
			any = true;
		}
		collection(c, c->contract->types[i], items);
	}
}

/* What a list or map holds together with a key or is_null. */
static void entry_type(const struct emit_c *c, const struct model_type *type)
{
	const struct model_use *element = &type->element;
	struct writer *w = c->w;
	bool is_map = type->kind == MODEL_MAP;

	if (!is_map && (type->kind != MODEL_LIST || !emit_c_is_wrapped(element)))
		return;
	writer_blank(w);
	writer_open(w, is_map ? "struct %s_map_entry {" : "struct %s_list_item {", type->c_name);
	if (is_map)
		writer_line(w, "struct msgc_str key;");
	if (emit_c_is_wrapped(element))
		writer_line(w, "bool is_null;");
	if (element->type->kind != MODEL_NULL)
		writer_line(w, "%svalue;", emit_c_declare(w, element));
	writer_close(w, "};");
}

/* ---------------------------------------------------------------- records */

/* Members of the C struct for one of the record; how many. */
static size_t member(const struct emit_c *c, const struct model_member *member)
{
	const struct model_use *use = &member->use;
	struct writer *w = c->w;
	size_t n = 0;

	doc(w, member->doc, member->deprecated);
	if (member->optional && !use->boxed) {
		writer_line(w, "bool has_%s;", member->c_id);
		n++;
	}
	if (use->nullable && use->type->kind != MODEL_NULL && !(use->boxed && !member->optional)) {
		writer_line(w, "bool %s_is_null;", member->c_id);
		n++;
	}
	if (emit_c_has_no_value(use->type))
		return n;
	if (use->boxed && (member->optional || use->nullable))
		writer_line(w, "%s%s; /* NULL: %s */", emit_c_declare(w, use), member->c_id,
		        member->optional ? "absent" : "null");
	else
		writer_line(w, "%s%s;", emit_c_declare(w, use), member->c_id);
	return n + 1;
}

static void record_type(const struct emit_c *c, const struct model_type *type)
{
	const struct model_message *message = type->message;
	struct writer *w = c->w;
	size_t n = 0;

	writer_blank(w);
	if (message != NULL)
		doc(w, message->doc, message->deprecated);
	else
		writer_doc(w, type->doc);
	writer_open(w, "struct %s {", type->c_name);
	for (size_t i = 0; i < type->n_members; i++)
		n += member(c, &type->members[i]);
	if (type->further != NULL) {
		writer_line(w, "%s %s;", emit_c_type(w, type->further), type->further_id);
		n++;
	}
	if (n == 0)
		writer_line(w, "char msgc_empty; /* C wants a member; it says nothing */");
	writer_close(w, "};");
}

void emit_c_types(const struct emit_c *c)
{
	const struct model_contract *contract = c->contract;

	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (type->kind == MODEL_ENUM && !type->is_constant)
			enum_type(c, type);
		else if (type->kind == MODEL_UNION || type->kind == MODEL_CHOICE)
			emit_c_union_kinds(c, type);
	}
	collections(c);
	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (type->kind == MODEL_RECORD || type->kind == MODEL_TUPLE)
			record_type(c, type);
		else if (type->kind == MODEL_UNION || type->kind == MODEL_CHOICE)
			emit_c_union_struct(c, type);
	}
	for (size_t i = 0; i < contract->n_types; i++)
		entry_type(c, contract->types[i]);
}

/* ------------------------------------------------------------- prototypes */

static void enum_functions(const struct emit_c *c)
{
	const struct model_contract *contract = c->contract;
	bool any = false;

	for (size_t i = 0; i < contract->n_types; i++) {
		if (contract->types[i]->kind != MODEL_ENUM || contract->types[i]->is_constant)
			continue;
		if (!any) {
			writer_blank(c->w);
			writer_comment(c->w,
			        "Enums and their names: NAME_name and NAME_from_name, as "
			        "<msgc/codec.h> describes them.");
			any = true;
		}
		writer_line(c->w, "MSGC_ENUM_FUNCTIONS(%s);", contract->types[i]->c_name);
	}
}

static void record_functions(const struct emit_c *c)
{
	const struct model_contract *contract = c->contract;
	bool any = false;

	for (size_t i = 0; i < contract->n_types; i++) {
		const struct model_type *type = contract->types[i];

		if (!emit_c_has_api(type))
			continue;
		if (!any) {
			writer_blank(c->w);
			writer_comment(c->w,
			        "Records and messages: NAME_decode, _decode_in_place, _encode, "
			        "_validate, _print, _clone and _equal, as <msgc/codec.h> "
			        "describes them.");
			any = true;
		}
		writer_line(c->w, "MSGC_TYPE_FUNCTIONS(%s);", type->c_name);
		if (type->message != NULL)
			writer_line(
			        c->w, "extern const struct msgc_message %s_message;", type->c_name);
	}
}

/* Records in place that other contracts can reach. */
static void exports(const struct emit_c *c)
{
	bool any = false;

	for (size_t i = 0; i < emit_c_plan_count(c->plan); i++) {
		const struct emit_c_node *node = emit_c_plan_at(c->plan, i);

		if (node->is_imported || !emit_c_is_struct(node->type) ||
		        emit_c_has_api(node->type) || !emit_c_is_public(node))
			continue;
		if (!any) {
			writer_blank(c->w);
			writer_comment(c->w, "For contracts that import this one.");
			any = true;
		}
		writer_line(c->w, "extern const struct msgc_type %s__type;", node->type->c_name);
	}
}

void emit_c_prototypes(const struct emit_c *c)
{
	enum_functions(c);
	emit_c_check_prototypes(c);
	record_functions(c);
	exports(c);
}
