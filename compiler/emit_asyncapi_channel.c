/* SPDX-License-Identifier: MIT */
/*
 * emit_asyncapi_channel.c - a consumer or a topic as a channel: its address, parameters, ws binding
 * and messages. What AsyncAPI has no word for stands in extensions, which docs/tools.md lists.
 */
#include "emit_asyncapi.h"

#include <string.h>

/* -------------------------------------------------------------- parameters */

/* AsyncAPI's parameters are texts: a value as it stands in a URL. */
static void append_text_of(struct json_object *list, struct json_object *value)
{
	schema_append(list, schema_text(json_object_get_string(value)));
	json_object_put(value);
}

static struct json_object *parameter_of(struct asyncapi *a, const struct model_param *param)
{
	const struct model_type *type = param->member.use.type;
	struct json_object *parameter = schema_object(), *values = schema_array();

	if (param->member.doc != NULL)
		schema_put_text(parameter, "description", param->member.doc);
	if (type->kind == MODEL_ENUM) {
		for (size_t i = 0; i < type->n_values; i++)
			append_text_of(values, schema_literal(&type->values[i].literal));
	}
	schema_put_unless_empty(parameter, "enum", values);
	schema_put(parameter, "x-schema", asyncapi_use(a, &param->member.use));
	return parameter;
}

static const char *param_name(const struct model_param *param)
{
	return param->member.wire != NULL ? param->member.wire : param->member.name;
}

/* Of a path: all of them, by what stands in its braces. */
static struct json_object *parameters_of(struct asyncapi *a, const struct model_consumer *route)
{
	struct json_object *parameters = schema_object();

	for (size_t i = 0; i < route->n_params; i++) {
		if (route->params[i].in_path)
			schema_put(parameters, route->params[i].member.name,
			        parameter_of(a, &route->params[i]));
	}
	return parameters;
}

/* ---------------------------------------------------------------- ws binding */

static struct json_object *described(const char *kind, const char *text)
{
	struct json_object *schema = schema_object();

	schema_put_text(schema, "type", kind);
	schema_put_text(schema, "description", text);
	return schema;
}

static void put_query_param(struct asyncapi *a, struct json_object *properties,
        struct json_object *required, const struct model_param *param)
{
	const struct model_member *member = &param->member;
	struct json_object *schema = schema_object();

	schema_put_doc(schema, NULL, member->doc, member->deprecated);
	schema_merge(schema, schema_of_use(&a->doc, &member->use));
	if (member->default_value != NULL) {
		struct writer *w = schema_text_begin();

		emit_value(w, member->use.type, member->default_value);
		schema_put_raw(schema, "default", schema_text_result(w));
		writer_free(w);
	} else if (!member->optional) {
		schema_append(required, schema_text(param_name(param)));
	}
	asyncapi_schema_adapt(schema);
	schema_put(properties, param_name(param), schema);
}

static void put_recovery(struct asyncapi *a, struct json_object *properties)
{
	if (a->channels->std == NULL)
		return;
	schema_put(properties, "epoch",
	        described("string",
	                "Beside seq: the position from which on missed messages are sent."));
	schema_put(properties, "seq", described("integer", "The last message that has been seen."));
}

static struct json_object *query_of(struct asyncapi *a, const struct channel *channel)
{
	struct json_object *query = schema_object(), *properties = schema_object();
	struct json_object *required = schema_array();

	for (size_t i = 0; i < channel->route->n_params; i++) {
		if (!channel->route->params[i].in_path)
			put_query_param(a, properties, required, &channel->route->params[i]);
	}
	if (channel_has_history(channel) && !channel->is_mounted)
		put_recovery(a, properties);
	schema_put_text(query, "type", "object");
	schema_put(query, "properties", properties);
	schema_put_unless_empty(query, "required", required);
	return query;
}

static struct json_object *headers_of(const struct model_consumer *route)
{
	struct json_object *headers = schema_object(), *properties = schema_object();
	struct json_object *schema, *names = schema_array();

	for (size_t i = 0; i < route->n_subprotocols; i++)
		schema_append(names, schema_text(route->subprotocols[i]));
	schema = described("string", "What is spoken here; a client may offer none.");
	schema_put(schema, "enum", names);
	schema_put(properties, "Sec-WebSocket-Protocol", schema);
	schema_put_text(headers, "type", "object");
	schema_put(headers, "properties", properties);
	return headers;
}

static struct json_object *bindings_of(struct asyncapi *a, const struct channel *channel)
{
	struct json_object *bindings = schema_object(), *ws = schema_object();
	struct json_object *query = query_of(a, channel), *properties;

	schema_put_text(ws, "method", "GET");
	json_object_object_get_ex(query, "properties", &properties);
	if (json_object_object_length(properties) > 0)
		schema_put(ws, "query", query);
	else
		json_object_put(query);
	if (channel->route->n_subprotocols > 0)
		schema_put(ws, "headers", headers_of(channel->route));
	schema_put_text(ws, "bindingVersion", "0.1.0");
	schema_put(bindings, "ws", ws);
	return bindings;
}

/* --------------------------------------------------------------- extensions */

static void put_group_name(struct json_object *object, const struct model_group *group)
{
	struct writer *w = schema_text_begin();

	for (size_t i = 0; i < group->n_parts; i++) {
		const struct model_name_part *part = &group->parts[i];

		if (part->literal != NULL)
			writer_add(w, "%s", part->literal);
		else
			writer_add(w, "{%s}", part->param->member.name);
	}
	schema_put_text(object, "address", schema_text_result(w));
	writer_free(w);
}

static struct json_object *history_of(const struct model_history *history)
{
	struct json_object *object = schema_object();

	schema_put_text(object, "message", history->message.message->name);
	if (history->keep > 0)
		schema_put_uint(object, "keep", history->keep);
	if (history->for_ms > 0)
		schema_put_uint(object, "forMs", history->for_ms);
	return object;
}

static struct json_object *group_of(struct asyncapi *a, const struct model_group *group)
{
	struct json_object *object = schema_object(), *parameters = schema_object();
	struct json_object *histories = schema_array();

	schema_put_text(object, "name", group->name);
	put_group_name(object, group);
	if (group->doc != NULL)
		schema_put_text(object, "description", group->doc);
	for (size_t i = 0; i < group->n_params; i++)
		schema_put(parameters, group->params[i].member.name,
		        asyncapi_use(a, &group->params[i].member.use));
	if (group->n_params > 0)
		schema_put(object, "parameters", parameters);
	else
		json_object_put(parameters);
	for (size_t i = 0; i < group->n_histories; i++)
		schema_append(histories, history_of(&group->histories[i]));
	schema_put_unless_empty(object, "history", histories);
	if (group->is_durable)
		schema_put_bool(object, "durable", true);
	if (group->has_presence) {
		struct model_use use = {.type = group->presence};

		schema_put(object, "presence",
		        group->presence != NULL ? asyncapi_use(a, &use) : schema_object());
	}
	return object;
}

static struct json_object *limit_of(const struct model_limit *limit)
{
	struct json_object *object = schema_object();

	if (limit->kind == MODEL_LIMIT_FRAME) {
		schema_put_uint(object, "frameBytes", limit->bytes);
		return object;
	}
	if (limit->kind == MODEL_LIMIT_ACTION)
		schema_put_text(object, "message", limit->message->name);
	schema_put_uint(object, "count", limit->count);
	schema_put_uint(object, "periodMs", limit->period_ms);
	schema_put_uint(object, "burst", limit->burst);
	return object;
}

static void put_extensions(
        struct asyncapi *a, struct json_object *object, const struct channel *channel)
{
	struct json_object *groups = schema_array(), *limits = schema_array();
	struct json_object *auth = schema_array();
	const struct model_consumer *clause = channel->clause;

	if (channel->is_mounted) {
		schema_put(object, "x-topic", group_of(a, clause->topic));
	} else {
		for (size_t i = 0; i < channel->groups.n; i++)
			schema_append(groups, group_of(a, channel->groups.items[i]));
		for (size_t i = 0; i < channel->route->n_auth; i++)
			schema_append(
			        auth, schema_text(channel_auth_name(channel->route->auth[i])));
		if (channel->route->n_auth == 0)
			schema_append(auth, schema_text("anonymous"));
		schema_put(object, "x-auth", json_object_get(auth));
	}
	json_object_put(auth);
	schema_put_unless_empty(object, "x-groups", groups);
	if (clause->greeting != NULL)
		schema_put_text(object, "x-greeting", clause->greeting->message->name);
	if (clause->error != NULL)
		schema_put_text(object, "x-error", clause->error->message->name);
	for (size_t i = 0; i < clause->n_limits; i++)
		schema_append(limits, limit_of(&clause->limits[i]));
	schema_put_unless_empty(object, "x-limits", limits);
}

/* ----------------------------------------------------------------- channels */

static struct json_object *messages_of(struct asyncapi *a, const struct channel *channel)
{
	struct json_object *messages = schema_object();

	for (size_t i = 0; i < channel->messages.n; i++) {
		const struct channel_message *entry = channel->messages.items[i];
		const char *key = asyncapi_message_key(a, entry->message, entry->incoming);

		schema_put(
		        messages, entry->id, asyncapi_reference("#/components/messages/%s", key));
	}
	return messages;
}

struct json_object *asyncapi_channel(struct asyncapi *a, const struct channel *channel)
{
	struct json_object *object = schema_object(), *parameters;

	schema_put_text(object, "address", channel->route->url);
	schema_put_text(object, "title", channel->clause->name);
	if (channel->clause->doc != NULL)
		schema_put_text(object, "description", channel->clause->doc);
	schema_put(object, "messages", messages_of(a, channel));
	parameters = parameters_of(a, channel->route);
	if (json_object_object_length(parameters) > 0)
		schema_put(object, "parameters", parameters);
	else
		json_object_put(parameters);
	if (a->contract->options.server_url != NULL) {
		struct json_object *servers = schema_array();

		schema_append(servers, asyncapi_reference("#/servers/main"));
		schema_put(object, "servers", servers);
	}
	schema_put(object, "bindings", bindings_of(a, channel));
	put_extensions(a, object, channel);
	return object;
}
