/* SPDX-License-Identifier: MIT */
/*
 * emit_c_api.c - the functions that programs call for a record or message, and a message's
 * descriptor. Each wraps one generated function in what the codec does at both ends.
 */
#include <string.h>

#include "emit_c_parts.h"

void emit_c_api_comment(struct writer *w)
{
	writer_comment(w,
	        "The functions of each type. All return 0 or a negative MSGC_E... and write *ret "
	        "on "
	        "success only.\n"
	        "decode: one JSON text; for a message, the whole frame. Strings in *ret lie in the "
	        "arena. Problems (may be NULL) say all that the contract refuses: MSGC_ECONTRACT.\n"
	        "decode_in_place: the same for a writable text with MSGC_PADDING bytes behind it; "
	        "strings lie in the text, each with a NUL behind it.\n"
	        "encode: appends JSON; MSGC_EINVAL for a value that JSON cannot say. What stood in "
	        "out "
	        "stays.\n"
	        "validate: all that decode checks, for a value that a program has made.\n"
	        "clone: a deep copy in the arena. equal: the same value, absent and null told "
	        "apart. "
	        "print: for people.");
}

const char *emit_c_api_prototype(struct writer *w, const char *c_name, enum emit_c_api api)
{
	switch (api) {
	case EMIT_C_API_DECODE:
	case EMIT_C_API_DECODE_IN_PLACE: break;
	case EMIT_C_API_ENCODE:
		return writer_format(w,
		        "int %s_encode(const struct %s *value, struct msgc_buf *out)", c_name,
		        c_name);
	case EMIT_C_API_VALIDATE:
		return writer_format(w,
		        "int %s_validate(const struct %s *value, struct msgc_problems *problems)",
		        c_name, c_name);
	default:
		return writer_format(w,
		        "int %s_print(const struct %s *value, struct msgc_buf *out)", c_name,
		        c_name);
	}
	return writer_format(w,
	        "int %s_decode%s(%schar *text, size_t len, const struct msgc_decode_options "
	        "*options, "
	        "struct msgc_arena *arena, struct %s *ret, struct msgc_problems *problems)",
	        c_name, api == EMIT_C_API_DECODE ? "" : "_in_place",
	        api == EMIT_C_API_DECODE ? "const " : "", c_name);
}

static void decode(struct writer *w, const char *name, bool in_place)
{
	writer_line(w, "struct msgc_reader r;");
	writer_line(w, "struct %s value;", name);
	writer_line(w, "int result;");
	writer_blank(w);
	writer_line(w, "memset(&value, 0, sizeof(value));");
	writer_line(w, "if (msgc_reader_open%s(&r, text, len, options, arena, problems))",
	        in_place ? "" : "_copy");
	writer_line(w, "\t%s__read(&r, &value);", name);
	writer_line(w, "result = msgc_reader_close(&r);");
	writer_line(w, "if (result == 0)");
	writer_line(w, "\t*ret = value;");
	writer_line(w, "return result;");
}

/* Appends what `call` writes, or nothing at all. */
static void append(struct writer *w, const char *call)
{
	writer_line(w, "size_t start = msgc_write_begin(out);");
	writer_blank(w);
	writer_line(w, "%s;", call);
	writer_line(w, "return msgc_write_end(out, start);");
}

static void validate(struct writer *w, const char *name, bool is_checked)
{
	writer_line(w, "struct msgc_scope s;");
	writer_blank(w);
	if (!is_checked)
		writer_line(w, "(void)value;");
	writer_line(w, "msgc_scope_open(&s, problems);");
	if (is_checked)
		writer_line(w, "%s__validate(&s, value);", name);
	writer_line(w, "return msgc_scope_close(&s);");
}

static void descriptor(const struct emit_c *c, const struct model_message *message)
{
	static const char *const kinds[] = {[MODEL_MESSAGE_PLAIN] = "MSGC_MESSAGE_PLAIN",
	        [MODEL_MESSAGE_GROUP] = "MSGC_MESSAGE_GROUP",
	        [MODEL_MESSAGE_EVENT] = "MSGC_MESSAGE_EVENT"};

	writer_blank(c->w);
	writer_line(c->w, "MSGC_DEFINE_MESSAGE(%s, %s, %s);", message->c_name,
	        writer_c_literal(c->w, message->wire, strlen(message->wire)), kinds[message->kind]);
}

void emit_c_api_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *record = node->type;
	const char *name = record->c_name;

	if (!emit_c_has_api(record))
		return;
	for (enum emit_c_api api = 0; api < EMIT_C_N_API; api++) {
		writer_blank(c->w);
		emit_c_wrap(c->w, 0, emit_c_api_prototype(c->w, name, api));
		writer_open(c->w, "{");
		if (api == EMIT_C_API_ENCODE)
			append(c->w, writer_format(c->w, "%s__write(out, value)", name));
		else if (api == EMIT_C_API_VALIDATE)
			validate(c->w, name, node->is_checked);
		else if (api == EMIT_C_API_PRINT)
			append(c->w, writer_format(c->w, "%s__print(value, out, 0)", name));
		else
			decode(c->w, name, api == EMIT_C_API_DECODE_IN_PLACE);
		writer_close(c->w, "}");
	}
	if (record->message != NULL)
		descriptor(c, record->message);
}
