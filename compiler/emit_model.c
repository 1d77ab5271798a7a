/* SPDX-License-Identifier: MIT */
/*
 * emit_model.c - the model as plain text: a debugging aid, and what tests of the front end compare.
 *
 * One line per fact, in the model's order. Not meant for programs: it changes as the model does.
 */
#include "emit_model.h"

#include <inttypes.h>
#include <string.h>

/* ------------------------------------------------------------------- types */

static void put_number(struct writer *w, const char *name, const struct model_number *number)
{
	if (number != NULL)
		writer_add(w, " %s %s", name, number->text);
}

static void put_range(struct writer *w, const char *name, const struct model_range *range)
{
	if (!range->has_min && !range->has_max)
		return;
	writer_add(w, " %s ", name);
	if (range->has_min)
		writer_add(w, "%" PRIu64, range->min);
	writer_add(w, "..");
	if (range->has_max)
		writer_add(w, "%" PRIu64, range->max);
}

static void put_flag(struct writer *w, const char *name, bool is_set)
{
	if (is_set)
		writer_add(w, " %s", name);
}

static void put_checks(struct writer *w, const struct model_check *checks, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		writer_add(w, " check %s (%s)", checks[i].name, checks[i].c_name);
}

static void put_constraints(struct writer *w, const struct model_type *type)
{
	static const char *const forms[] = {[MODEL_WIRE_NATURAL] = "",
	        [MODEL_WIRE_NUMBER] = " as number",
	        [MODEL_WIRE_STRING] = " as string",
	        [MODEL_WIRE_RFC3339] = " as rfc3339",
	        [MODEL_WIRE_UNIX] = " as unix",
	        [MODEL_WIRE_UNIX_MS] = " as unix_ms"};
	const struct model_constraints *k = &type->constraints;

	writer_add(w, "%s", forms[type->wire_form]);
	put_number(w, "min", k->min);
	put_number(w, "max", k->max);
	put_number(w, "above", k->above);
	put_number(w, "below", k->below);
	put_number(w, "step", k->step);
	put_range(w, "len", &k->len);
	put_range(w, "bytes", &k->bytes);
	put_range(w, "count", &k->count);
	put_flag(w, "unique", k->unique);
	put_flag(w, "trim", k->trim);
	put_flag(w, "lower", k->lower);
	put_flag(w, "upper", k->upper);
	put_flag(w, "not_blank", k->not_blank);
	if (k->format != MODEL_FORMAT_NONE)
		writer_add(w, " format %s", model_format_name(k->format));
	for (size_t i = 0; i < k->n_patterns; i++)
		writer_add(w, " pattern %s %s", k->patterns[i]->c_name,
		        writer_json_string(w, k->patterns[i]->text, strlen(k->patterns[i]->text)));
	put_checks(w, k->checks, k->n_checks);
}

/* A named type by its C name, a constant as JSON, a plain scalar by its kind and constraints. */
static void put_type_name(struct writer *w, const struct model_type *type)
{
	if (type->is_constant) {
		writer_add(w, "%s", emit_model_literal(w, &type->values[0].literal));
	} else if (type->c_name != NULL) {
		writer_add(w, "%s", type->c_name);
	} else {
		writer_add(w, "%s", model_kind_name(type->kind));
		put_constraints(w, type);
	}
}

static void put_use(struct writer *w, const struct model_use *use)
{
	if (use->alias != NULL)
		writer_add(w, "%s = ", use->alias->name);
	put_type_name(w, use->type);
	put_flag(w, "| null", use->nullable);
	put_flag(w, "boxed", use->boxed);
}

static void put_deprecated(struct writer *w, const char *text)
{
	if (text != NULL)
		writer_add(w, ", deprecated %s", writer_json_string(w, text, strlen(text)));
}

static void put_doc(struct writer *w, const char *doc)
{
	if (doc != NULL)
		writer_line(w, "doc %s", writer_json_string(w, doc, strlen(doc)));
}

static void put_member(struct writer *w, const struct model_member *member)
{
	writer_add(w, "%s%s: ", member->name, member->optional ? "?" : "");
	put_use(w, &member->use);
	if (member->beside != NULL)
		writer_add(w, ", by %s",
		        writer_json_string(w, member->beside, strlen(member->beside)));
	if (member->wire != NULL && strcmp(member->wire, member->name) != 0)
		writer_add(
		        w, ", wire %s", writer_json_string(w, member->wire, strlen(member->wire)));
	if (strcmp(member->c_id, member->name) != 0)
		writer_add(w, ", C %s", member->c_id);
	if (member->default_value != NULL) {
		writer_add(w, ", default ");
		emit_model_value(w, member->default_value);
	}
	put_deprecated(w, member->deprecated);
	writer_end(w);
	writer_indent(w);
	put_doc(w, member->doc);
	writer_dedent(w);
}

static void put_enum_value(
        struct writer *w, const struct model_type *type, const struct model_enum_value *value)
{
	writer_add(w, "%s %s = %" PRId32, value->name, value->c_name, value->number);
	if (!type->is_int_enum)
		writer_add(w, " %s", emit_model_literal(w, &value->literal));
	writer_end(w);
	writer_indent(w);
	put_doc(w, value->doc);
	writer_dedent(w);
}

static void put_arm(struct writer *w, const struct model_type *type, const struct model_arm *arm)
{
	writer_add(
	        w, "%s%s %s (%s)", arm->is_else ? "else " : "", arm->name, arm->c_name, arm->c_id);
	if (type->kind == MODEL_UNION && !arm->is_else)
		writer_add(w, " %s", emit_model_literal(w, &arm->tag));
	writer_add(w, ": ");
	put_use(w, &arm->use);
	writer_end(w);
	writer_indent(w);
	put_doc(w, arm->doc);
	writer_dedent(w);
}

/* What stands behind a type's name, on its line. */
static void put_type_head(struct writer *w, const struct model_type *type)
{
	static const char *const kinds[] = {"string", "number", "boolean", "array", "object"};
	size_t i;

	if (type->element.type != NULL) {
		writer_add(w, " of ");
		put_use(w, &type->element);
	}
	if (type->key != NULL) {
		writer_add(w, ", keys ");
		put_type_name(w, type->key);
	}
	if (type->unknown_c_name != NULL)
		writer_add(w, " open %s", type->unknown_c_name);
	if (type->kind == MODEL_UNION)
		writer_add(w, " by %s%s",
		        writer_json_string(w, type->discriminator, strlen(type->discriminator)),
		        type->all_objects ? "" : " beside only");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && type->kind == MODEL_CHOICE; i++) {
		if ((type->json_kinds & 1u << i) != 0)
			writer_add(w, " %s", kinds[i]);
	}
	put_flag(w, "closed", type->is_closed);
	put_constraints(w, type);
	put_checks(w, type->checks, type->n_checks);
}

static void put_type(struct writer *w, const struct model_type *type)
{
	size_t i;

	writer_add(w, "%s %s", type->kind == MODEL_CHOICE ? "choice" : model_kind_name(type->kind),
	        type->c_name);
	if (type->name != NULL)
		writer_add(w, " (%s%s)", type->message != NULL ? "message " : "", type->name);
	put_type_head(w, type);
	writer_end(w);
	writer_indent(w);
	if (type->message == NULL)
		put_doc(w, type->doc);
	for (i = 0; i < type->n_values; i++)
		put_enum_value(w, type, &type->values[i]);
	for (i = 0; i < type->n_members; i++)
		put_member(w, &type->members[i]);
	for (i = 0; i < type->n_arms; i++)
		put_arm(w, type, &type->arms[i]);
	if (type->further != NULL)
		writer_line(w, "further %s: %s", type->further_id, type->further->c_name);
	for (i = 0; i < type->n_requires; i++) {
		const char *message = type->requires[i].message;

		writer_add(w, "require ");
		emit_model_expr(w, type->requires[i].expr);
		writer_add(w, ": %s", writer_json_string(w, message, strlen(message)));
		writer_end(w);
	}
	writer_dedent(w);
}

/* --------------------------------------------------------- messages, groups */

static void put_literal(struct writer *w, const struct model_literal *literal)
{
	writer_add(w, "%s",
	        literal->kind == MODEL_LITERAL_STRING
	                ? writer_json_string(w, literal->text, strlen(literal->text))
	                : literal->text);
}

static void put_discriminator(struct writer *w, const struct model_discriminator *discriminator)
{
	size_t i;

	for (i = 0; i < discriminator->n_keys; i++) {
		if (discriminator->keys != NULL)
			writer_add(w, " %s",
			        writer_json_string(
			                w, discriminator->keys[i], strlen(discriminator->keys[i])));
		else
			writer_add(w, " [%" PRIu32 "]", discriminator->positions[i]);
	}
}

/* "action", or another member, and nothing else. */
static bool is_default(const struct model_discriminator *discriminator)
{
	return discriminator->n_keys == 1 && discriminator->keys != NULL;
}

static void put_message(struct writer *w, const struct model_message *message)
{
	static const char *const kinds[] = {[MODEL_MESSAGE_PLAIN] = "message",
	        [MODEL_MESSAGE_GROUP] = "group message",
	        [MODEL_MESSAGE_EVENT] = "event"};
	size_t i;

	writer_add(w, "%s%s %s: %s %s", message->authenticates ? "auth " : "", kinds[message->kind],
	        message->name, model_kind_name(message->record->kind), message->record->c_name);
	for (i = 0; i < message->n_tags; i++) {
		writer_add(w, i == 0 ? ", wire " : ", ");
		put_literal(w, &message->tags[i]);
	}
	if (message->n_tags == 0)
		writer_add(w, ", no wire");
	if (!is_default(message->discriminator)) {
		writer_add(w, " by");
		put_discriminator(w, message->discriminator);
	}
	put_deprecated(w, message->deprecated);
	writer_end(w);
	writer_indent(w);
	put_doc(w, message->doc);
	writer_dedent(w);
}

static void put_ref(struct writer *w, const struct model_message_ref *ref)
{
	writer_add(w, "%s", ref->message->c_name);
	if (strcmp(ref->c_id, ref->message->name) != 0)
		writer_add(w, " (%s)", ref->c_id);
}

static void put_refs(
        struct writer *w, const char *word, const struct model_message_ref *refs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		writer_add(w, "%s ", word);
		put_ref(w, &refs[i]);
		writer_end(w);
	}
}

static void put_param(struct writer *w, const struct model_param *param, const char *where)
{
	writer_add(w, "%s ", where);
	put_member(w, &param->member);
}

static void put_event(struct writer *w, const struct model_message_ref *event,
        const struct model_message_ref *output)
{
	writer_add(w, "event ");
	put_ref(w, event);
	if (output != NULL) {
		writer_add(w, " -> ");
		put_ref(w, output);
	}
	writer_end(w);
}

static void put_group(struct writer *w, const struct model_group *group)
{
	size_t i;

	writer_open(w, "%s %s: %s", group->topic != NULL ? "topic group" : "group", group->name,
	        group->c_name);
	put_doc(w, group->doc);
	for (i = 0; i < group->n_params; i++)
		put_param(w, &group->params[i], "param");
	writer_add(w, "called");
	for (i = 0; i < group->n_parts; i++) {
		const struct model_name_part *part = &group->parts[i];

		if (part->literal != NULL)
			writer_add(w, " %s",
			        writer_json_string(w, part->literal, strlen(part->literal)));
		else
			writer_add(w, " %s", part->param->member.name);
	}
	writer_end(w);
	put_refs(w, "broadcast", group->broadcasts, group->n_broadcasts);
	for (i = 0; i < group->n_events; i++)
		put_event(w, &group->events[i].event, group->events[i].output);
	if (group->has_presence)
		writer_line(w, "presence%s%s", group->presence != NULL ? " " : "",
		        group->presence != NULL ? group->presence->c_name : "");
	for (i = 0; i < group->n_histories; i++) {
		writer_add(w, "history ");
		put_ref(w, &group->histories[i].message);
		if (group->histories[i].keep != 0)
			writer_add(w, " keep %" PRIu32, group->histories[i].keep);
		if (group->histories[i].for_ms != 0)
			writer_add(w, " for %" PRIu64 " ms", group->histories[i].for_ms);
		writer_end(w);
	}
	if (group->is_durable)
		writer_line(w, "durable disk");
	writer_dedent(w);
}

/* --------------------------------------------------------------- consumers */

static void put_url(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	if (consumer->url == NULL)
		return;
	writer_add(w, "path");
	for (i = 0; i < consumer->n_segments; i++) {
		const struct model_segment *segment = &consumer->segments[i];

		if (segment->literal != NULL)
			writer_add(w, " %s",
			        writer_json_string(w, segment->literal, strlen(segment->literal)));
		else
			writer_add(w, " %s", segment->param->member.name);
	}
	writer_add(w, "%s", consumer->trailing_slash ? " /" : "");
	writer_end(w);
}

static void put_auth(struct writer *w, const struct model_consumer *consumer)
{
	static const char *const kinds[] = {[MODEL_AUTH_SESSION] = "session",
	        [MODEL_AUTH_JWT] = "jwt",
	        [MODEL_AUTH_TICKET] = "ticket",
	        [MODEL_AUTH_BASIC] = "basic",
	        [MODEL_AUTH_ANONYMOUS] = "anonymous"};
	size_t i;

	for (i = 0; i < consumer->n_auth; i++)
		writer_line(w, "auth %s", kinds[consumer->auth[i]]);
	if (consumer->accepts_authenticate)
		writer_line(w, "accepts authenticate");
	if (consumer->auth_message != NULL)
		writer_line(w, "auth message %s", consumer->auth_message->c_name);
	for (i = 0; i < consumer->n_subprotocols; i++)
		writer_line(w, "subprotocol %s", consumer->subprotocols[i]);
}

static void put_permit(
        struct writer *w, const struct model_consumer *consumer, const struct model_permit *permit)
{
	if (permit->op == MODEL_PERMIT_TERM) {
		writer_add(w, "%s", consumer->permit_terms[permit->term].name);
		return;
	}
	writer_add(w,
	        permit->op == MODEL_PERMIT_NOT           ? "(not "
	                : permit->op == MODEL_PERMIT_AND ? "(and "
	                                                 : "(or ");
	put_permit(w, consumer, permit->left);
	if (permit->right != NULL) {
		writer_add(w, " ");
		put_permit(w, consumer, permit->right);
	}
	writer_add(w, ")");
}

static void put_permission(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	if (consumer->object != NULL) {
		writer_add(w, "object %s by", consumer->object->name);
		for (i = 0; i < consumer->object->n_by; i++)
			writer_add(w, " %s", consumer->object->by[i]->member.name);
		writer_end(w);
	}
	for (i = 0; i < consumer->n_permit_terms; i++) {
		const struct model_permit_term *term = &consumer->permit_terms[i];

		writer_line(w, "term %s (%s)%s%s", term->name, term->c_id,
		        term->is_authenticated ? " built in" : "",
		        term->after_object ? " after object" : "");
	}
	if (consumer->permit != NULL) {
		writer_add(w, "permit ");
		put_permit(w, consumer, consumer->permit);
		writer_end(w);
	}
}

static void put_joins(struct writer *w, const struct model_consumer *consumer)
{
	size_t i, j;

	for (i = 0; i < consumer->n_joins; i++) {
		const struct model_join *join = &consumer->joins[i];

		writer_add(w, "join %s (%s)%s", join->group->c_name, join->c_id,
		        join->at_start ? " at start" : "");
		for (j = 0; j < join->n_args; j++) {
			writer_add(w, ", ");
			if (join->args[j].param != NULL)
				writer_add(w, "%s", join->args[j].param->member.name);
			else
				emit_model_value(w, join->args[j].value);
		}
		writer_end(w);
	}
}

static void put_limits(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	for (i = 0; i < consumer->n_limits; i++) {
		const struct model_limit *limit = &consumer->limits[i];

		if (limit->kind == MODEL_LIMIT_FRAME)
			writer_line(w, "limit frame %" PRIu64 " bytes", limit->bytes);
		else
			writer_line(w, "limit %s %" PRIu32 " per %" PRIu64 " ms burst %" PRIu32,
			        limit->message != NULL ? limit->message->c_name : "all",
			        limit->count, limit->period_ms, limit->burst);
	}
}

static void put_traffic(struct writer *w, const struct model_consumer *consumer)
{
	size_t i, j;

	for (i = 0; i < consumer->n_receives; i++) {
		const struct model_receive *receive = &consumer->receives[i];

		writer_add(w, "receive ");
		put_ref(w, &receive->in);
		for (j = 0; j < receive->n_replies; j++) {
			writer_add(w, j == 0 ? " -> " : " | ");
			put_ref(w, &receive->replies[j]);
		}
		if (receive->authenticate_id != NULL)
			writer_add(w, ", by %s", receive->authenticate_id);
		writer_end(w);
	}
	put_refs(w, "send", consumer->sends, consumer->n_sends);
	for (i = 0; i < consumer->n_asks; i++) {
		writer_add(w, "ask ");
		put_ref(w, &consumer->asks[i].question);
		for (j = 0; j < consumer->asks[i].n_answers; j++) {
			writer_add(w, j == 0 ? " -> " : " | ");
			put_ref(w, &consumer->asks[i].answers[j]);
		}
		writer_end(w);
	}
	for (i = 0; i < consumer->n_events; i++)
		put_event(w, &consumer->events[i].event, consumer->events[i].output);
	if (consumer->greeting != NULL)
		put_refs(w, "greet", consumer->greeting, 1);
	if (consumer->error != NULL)
		put_refs(w, "error", consumer->error, 1);
	put_refs(w, "out", consumer->outgoing, consumer->n_outgoing);
}

static void put_consumer(struct writer *w, const struct model_consumer *consumer)
{
	size_t i;

	writer_open(w, "%s %s: %s", consumer->topic != NULL ? "topic" : "consumer", consumer->name,
	        consumer->c_name);
	put_doc(w, consumer->doc);
	put_url(w, consumer);
	for (i = 0; i < consumer->n_params && consumer->url != NULL; i++)
		put_param(w, &consumer->params[i], consumer->params[i].in_path ? "path" : "query");
	put_auth(w, consumer);
	put_permission(w, consumer);
	put_joins(w, consumer);
	put_traffic(w, consumer);
	put_limits(w, consumer);
	for (i = 0; i < consumer->n_topics; i++)
		writer_line(w, "topic %s", consumer->topics[i]->c_name);
	if (consumer->completion)
		writer_line(w, "completion");
	if (consumer->compression)
		writer_line(w, "compression");
	writer_dedent(w);
}

/* --------------------------------------------------------------- contracts */

static void put_option(struct writer *w, const char *name, const char *value)
{
	if (value != NULL)
		writer_line(w, "option %s %s", name, writer_json_string(w, value, strlen(value)));
}

static void put_discriminators(struct writer *w, const struct model_contract *contract)
{
	writer_add(w, "received by");
	put_discriminator(w, &contract->options.receive);
	writer_add(w, ", sent by");
	put_discriminator(w, &contract->options.send);
	writer_end(w);
}

/* What is not as it is by itself. */
static void put_envelope(struct writer *w, const struct model_envelope *envelope)
{
	static const char *const names[MODEL_N_ENVELOPE] = {
	        "ref", "topic", "message_id", "seq", "epoch", "version", "is_mine", "is_current"};
	size_t i;

	for (i = 0; i < MODEL_N_ENVELOPE; i++) {
		if (envelope->wire[i] == NULL)
			writer_line(w, "envelope %s off", names[i]);
		else if (strcmp(envelope->wire[i], names[i]) != 0)
			writer_line(w, "envelope %s %s", names[i],
			        writer_json_string(
			                w, envelope->wire[i], strlen(envelope->wire[i])));
	}
	if (envelope->ref_kind != MODEL_STRING)
		writer_line(w, "envelope ref is %s", model_kind_name(envelope->ref_kind));
	if (envelope->ref_position >= 0)
		writer_line(w, "envelope ref at %" PRId32, envelope->ref_position);
	if (envelope->std_off)
		writer_line(w, "envelope std off");
}

static void put_head(struct writer *w, const struct model_contract *contract)
{
	size_t i;

	writer_open(w, "contract %s %" PRIu32 "%s", contract->name, contract->version,
	        contract->is_builtin ? " (built in)" : "");
	put_doc(w, contract->doc);
	writer_line(w, "file %s, stem %s, prefix %s, %s", contract->file, contract->stem,
	        contract->c_prefix, contract->c_prefix_upper);
	put_discriminators(w, contract);
	put_envelope(w, &contract->envelope);
	put_option(w, "title", contract->options.title);
	put_option(w, "description", contract->options.description);
	put_option(w, "server_url", contract->options.server_url);
	put_option(w, "licence", contract->options.licence);
	put_option(w, "contact", contract->options.contact);
	for (i = 0; i < contract->n_imports; i++)
		writer_line(w, "import %s", contract->imports[i]->name);
	writer_dedent(w);
}

static void put_aliases(struct writer *w, const struct model_contract *contract)
{
	size_t i;

	for (i = 0; i < contract->n_aliases; i++) {
		writer_add(w, "alias %s: ", contract->aliases[i]->name);
		put_use(w, &contract->aliases[i]->target);
		writer_end(w);
	}
}

void emit_model(const struct model *model, struct writer *w)
{
	const struct model_contract *contract = model->main;
	size_t i;

	put_head(w, contract);
	for (i = 0; i < contract->n_types; i++)
		put_type(w, contract->types[i]);
	put_aliases(w, contract);
	for (i = 0; i < contract->n_hooks; i++) {
		writer_add(w, "hook %s: ", contract->hooks[i].check->c_name);
		put_type_name(w, contract->hooks[i].type);
		writer_end(w);
	}
	for (i = 0; i < contract->n_messages; i++)
		put_message(w, contract->messages[i]);
	for (i = 0; i < contract->n_groups; i++)
		put_group(w, contract->groups[i]);
	for (i = 0; i < contract->n_consumers; i++)
		put_consumer(w, contract->consumers[i]);
	for (i = 0; i < contract->n_topics; i++)
		put_consumer(w, contract->topics[i]);
}
