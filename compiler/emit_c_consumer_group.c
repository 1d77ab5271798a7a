/* SPDX-License-Identifier: MIT */
/*
 * emit_c_consumer_group.c - groups in C: their names, and one typed function for each message that
 * may be broadcast to them and each event that reaches them. Nothing here knows consumers, since a
 * group is called from everywhere.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_c_consumer.h"

/* Arguments of every typed function, and locals of their bodies. */
static bool is_ours(const char *name)
{
	static const char *const ours[] = {"all", "arena", "entry", "event", "flags", "message",
	        "most", "ret_entry", "ret_name", "ret_roster", "result", "sender", "server", "to"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (strcmp(name, ours[i]) == 0)
			return true;
	}
	return false;
}

static bool is_another_param(
        const struct model_group *group, const struct model_param *param, const char *name)
{
	for (size_t i = 0; i < group->n_params; i++) {
		if (&group->params[i] != param && strcmp(group->params[i].member.c_id, name) == 0)
			return true;
	}
	return false;
}

/* A parameter's name as an argument: it must not hide what is ours. */
static const char *argument(
        struct writer *w, const struct model_group *group, const struct model_param *param)
{
	const char *id = param->member.c_id;

	while (is_ours(id) || is_another_param(group, param, id))
		id = writer_format(w, "%s_", id);
	return id;
}

bool group_has_argument(struct writer *w, const struct model_group *group, const char *name)
{
	for (size_t i = 0; i < group->n_params; i++) {
		if (strcmp(argument(w, group, &group->params[i]), name) == 0)
			return true;
	}
	return false;
}

void group_unused(struct writer *w, const struct model_group *group)
{
	for (size_t i = 0; i < group->n_params; i++)
		writer_line(w, "(void)%s;", argument(w, group, &group->params[i]));
}

const char *group_params(struct writer *w, const struct model_group *group)
{
	const char *text = "";

	for (size_t i = 0; i < group->n_params; i++) {
		const struct model_param *param = &group->params[i];

		text = writer_format(w, "%s, %s%s", text, emit_c_declare(w, &param->member.use),
		        argument(w, group, param));
	}
	return text;
}

const char *group_args(struct writer *w, const struct model_group *group)
{
	const char *text = "";

	for (size_t i = 0; i < group->n_params; i++)
		text = writer_format(w, "%s, %s", text, argument(w, group, &group->params[i]));
	return text;
}

/* ----------------------------------------------------------- declarations */

static const char *name_prototype(struct writer *w, const struct model_group *group)
{
	const char *params = group_params(w, group);

	return writer_format(w, "int %s_group_name(%s%sstruct msgc_group_name *ret_name)",
	        group->c_name, group->n_params > 0 ? params + 2 : params,
	        group->n_params > 0 ? ", " : "");
}

static const char *broadcast_prototype(
        struct writer *w, const struct model_group *group, const struct model_message_ref *message)
{
	return writer_format(w,
	        "int %s_broadcast_%s(struct msgc_server *server%s, const struct msgc_sender "
	        "*sender, "
	        "const struct %s *message, unsigned flags)",
	        group->c_name, message->c_id, group_params(w, group), message->message->c_name);
}

static const char *event_prototype(
        struct writer *w, const struct model_group *group, const struct model_group_event *event)
{
	return writer_format(w,
	        "int %s_event_%s(struct msgc_server *server%s, const struct %s *event)",
	        group->c_name, event->event.c_id, group_params(w, group),
	        event->event.message->c_name);
}

bool group_has_kind(const struct model_group *group)
{
	return group->n_histories > 0 || group->has_presence;
}

static void declare(struct writer *w, const char *prototype)
{
	wrap_line(w, 0, writer_format(w, "%s;", prototype));
}

void group_header(const struct emit_c *c, const struct model_group *group)
{
	struct writer *w = c->w;

	writer_blank(w);
	if (group->doc)
		writer_doc(w, group->doc);
	else
		writer_comment(w, "Group %s.", group->name);
	declare(w, name_prototype(w, group));
	if (group_has_kind(group))
		writer_line(w, "extern const struct msgc_group_kind %s__group;", group->c_name);

	if (group->n_broadcasts > 0) {
		writer_blank(w);
		writer_comment(w,
		        "To every member of a %s. Any thread; called by a handler it is staged "
		        "with "
		        "the handler's effects. sender NULL: nobody's message. flags: MSGC_TO_ALL, "
		        "MSGC_EXCLUDE_CURRENT. MSGC_ECONTRACT when the message breaks the "
		        "contract.",
		        group->name);
	}
	for (size_t i = 0; i < group->n_broadcasts; i++)
		declare(w, broadcast_prototype(w, group, &group->broadcasts[i]));

	if (group->n_events > 0) {
		writer_blank(w);
		writer_comment(w,
		        "Tells each member's consumer what has happened; otherwise as broadcasts.");
	}
	for (size_t i = 0; i < group->n_events; i++)
		declare(w, event_prototype(w, group, &group->events[i]));
	presence_group_header(c, group);
}

/* ------------------------------------------------------------ definitions */

static void define(struct writer *w, const char *prototype)
{
	writer_blank(w);
	wrap_line(w, 0, prototype);
	writer_open(w, "{");
}

void group_name_value(struct writer *w, const struct model_type *type, const char *value)
{
	switch (type->kind) {
	case MODEL_BOOL:
		writer_line(w,
		        "msgc_group_name_str(&to, msgc_str_from(%s ? \"true\" : \"false\"));",
		        value);
		break;
	case MODEL_INT8:
	case MODEL_INT16:
	case MODEL_INT32:
	case MODEL_INT53:
	case MODEL_INT64: writer_line(w, "msgc_group_name_int(&to, %s);", value); break;
	case MODEL_UINT8:
	case MODEL_UINT16:
	case MODEL_UINT32:
	case MODEL_UINT64: writer_line(w, "msgc_group_name_uint(&to, %s);", value); break;
	case MODEL_ENUM:
		if (type->is_int_enum)
			writer_line(w, "msgc_group_name_int(&to, (int64_t)%s);", value);
		else
			writer_line(w, "msgc_group_name_str(&to, msgc_str_from(%s_name(%s)));",
			        type->c_name, value);
		break;
	case MODEL_STRING: writer_line(w, "msgc_group_name_str(&to, %s);", value); break;
	default: /* the checks let no list, map, record or json be a parameter */
		writer_line(w, "msgc_group_name_%s(&to, %s);", model_kind_name(type->kind), value);
	}
}

static void name_source(const struct emit_c *c, const struct model_group *group)
{
	struct writer *w = c->w;

	define(w, name_prototype(w, group));
	writer_line(w, "struct msgc_group_name to = {0};");
	writer_blank(w);
	for (size_t i = 0; i < group->n_parts; i++) {
		const struct model_name_part *part = &group->parts[i];

		if (part->param) {
			group_name_value(
			        w, part->param->member.use.type, argument(w, group, part->param));
			continue;
		}
		writer_line(w, "msgc_group_name_text(&to, %s, %zu);",
		        writer_c_literal(w, part->literal, strlen(part->literal)),
		        strlen(part->literal));
	}
	writer_line(w, "if (to.too_long)");
	writer_line(w, "\treturn MSGC_ELIMIT;");
	writer_line(w, "*ret_name = to;");
	writer_line(w, "return MSGC_OK;");
	writer_close(w, "}");
}

/* One stream for all that is kept: it holds as many as its clauses together, as long as the longest of them. */
static void history_source(struct writer *w, const struct model_group *group)
{
	uint64_t keep = 0, for_ms = 0;
	bool any_number = false, any_age = false;

	for (size_t i = 0; i < group->n_histories; i++) {
		const struct model_history *history = &group->histories[i];
		bool is_again = i > 0 && history->place.start == history[-1].place.start;

		any_number |= history->keep == 0;
		any_age |= history->for_ms == 0;
		keep += is_again ? 0 : history->keep; /* names of one clause share its bounds */
		for_ms = history->for_ms > for_ms ? history->for_ms : for_ms;
	}
	keep = any_number ? 0 : keep < UINT32_MAX ? keep : UINT32_MAX;
	writer_line(w, ".history = {.keep = %" PRIu64 ", .for_ms = %" PRIu64 "%s},", keep,
	        any_age ? 0 : for_ms, group->is_durable ? ", .durable = true" : "");
	writer_line(w, ".kept = %s__kept,", group->c_name);
	writer_line(w, ".kept_count = sizeof(%s__kept) / sizeof(%s__kept[0]),", group->c_name,
	        group->c_name);
}

static void kept_source(struct writer *w, const struct model_group *group)
{
	if (group->n_histories == 0)
		return;
	writer_blank(w);
	writer_open(w, "static const struct msgc_message *const %s__kept[] = {", group->c_name);
	for (size_t i = 0; i < group->n_histories; i++)
		writer_line(w, "&%s_message,", group->histories[i].message.message->c_name);
	writer_close(w, "};");
}

static void kind_source(const struct emit_c *c, const struct model_group *group)
{
	struct writer *w = c->w;

	if (!group_has_kind(group))
		return;
	kept_source(w, group);
	presence_kind_source(c, group);
	writer_blank(w);
	writer_open(w, "const struct msgc_group_kind %s__group = {", group->c_name);
	writer_line(w, ".name = \"%s\",", group->name);
	if (group->has_presence)
		writer_line(w, ".presence = &%s__presence,", group->c_name);
	if (group->n_histories > 0)
		history_source(w, group);
	writer_close(w, "};");
}

static void publish_source(struct writer *w, const struct model_group *group, const char *prototype,
        const struct model_message *message, const char *what)
{
	const char *args = group_args(w, group);

	define(w, prototype);
	writer_line(w, "struct msgc_group_name to;");
	writer_line(w, "int result = %s_group_name(%s%s&to);", group->c_name,
	        group->n_params > 0 ? args + 2 : "", group->n_params > 0 ? ", " : "");
	writer_blank(w);
	writer_line(w, "if (result != MSGC_OK)");
	writer_line(w, "\treturn result;");
	wrap_line(w, 1,
	        writer_format(w,
	                "return msgc_group_%s, msgc_str_of(to.text, to.len), "
	                "&%s_message, %s);",
	                group_has_kind(group)
	                        ? writer_format(w, "broadcast(server, &%s__group", group->c_name)
	                        : "publish(server",
	                message->c_name, what));
	writer_close(w, "}");
}

void group_source(const struct emit_c *c, const struct model_group *group)
{
	name_source(c, group);
	kind_source(c, group);
	presence_group_source(c, group);
	for (size_t i = 0; i < group->n_broadcasts; i++) {
		const struct model_message_ref *message = &group->broadcasts[i];

		publish_source(c->w, group, broadcast_prototype(c->w, group, message),
		        message->message, "message, sender, flags");
	}
	for (size_t i = 0; i < group->n_events; i++) {
		const struct model_group_event *event = &group->events[i];

		publish_source(c->w, group, event_prototype(c->w, group, event),
		        event->event.message, "event, NULL, MSGC_TO_ALL");
	}
}
