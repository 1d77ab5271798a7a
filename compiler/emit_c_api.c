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
	        "The functions of each type. All return 0 or a negative MSGC_E… and write *ret on "
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

static void decode(const struct emit_c *c, const struct model_type *record, bool in_place)
{
	const char *name = record->c_name;
	struct writer *w = c->w;

	writer_blank(w);
	writer_line(w, "int %s_decode%s(%schar *text, size_t len,", name,
	        in_place ? "_in_place" : "", in_place ? "" : "const ");
	writer_line(w, "\tconst struct msgc_decode_options *options, struct msgc_arena *arena,");
	writer_line(w, "\tstruct %s *ret, struct msgc_problems *problems)", name);
	writer_open(w, "{");
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
	writer_close(w, "}");
}

static void encode(const struct emit_c *c, const struct model_type *record)
{
	const char *name = record->c_name;
	struct writer *w = c->w;

	writer_blank(w);
	writer_line(w, "int %s_encode(const struct %s *value, struct msgc_buf *out)", name, name);
	writer_open(w, "{");
	writer_line(w, "size_t start = msgc_write_begin(out);");
	writer_blank(w);
	writer_line(w, "%s__write(out, value);", name);
	writer_line(w, "return msgc_write_end(out, start);");
	writer_close(w, "}");
}

static void validate(const struct emit_c *c, const struct emit_c_node *node)
{
	const char *name = node->type->c_name;
	struct writer *w = c->w;

	writer_blank(w);
	writer_line(w, "int %s_validate(const struct %s *value, struct msgc_problems *problems)",
	        name, name);
	writer_open(w, "{");
	writer_line(w, "struct msgc_scope s;");
	writer_blank(w);
	writer_line(w, "msgc_scope_open(&s, problems);");
	if (node->is_checked)
		writer_line(w, "%s__validate(&s, value);", name);
	else
		writer_line(w, "(void)value;");
	writer_line(w, "return msgc_scope_close(&s);");
	writer_close(w, "}");
}

static void print(const struct emit_c *c, const struct model_type *record)
{
	const char *name = record->c_name;
	struct writer *w = c->w;

	writer_blank(w);
	writer_line(w, "int %s_print(const struct %s *value, struct msgc_buf *out)", name, name);
	writer_open(w, "{");
	writer_line(w, "size_t start = msgc_write_begin(out);");
	writer_blank(w);
	writer_line(w, "%s__print(value, out, 0);", name);
	writer_line(w, "return msgc_write_end(out, start);");
	writer_close(w, "}");
}

static void descriptor(const struct emit_c *c, const struct model_message *message)
{
	static const char *const kinds[] = {[MODEL_MESSAGE_PLAIN] = "MSGC_MESSAGE_PLAIN",
	        [MODEL_MESSAGE_GROUP] = "MSGC_MESSAGE_GROUP",
	        [MODEL_MESSAGE_EVENT] = "MSGC_MESSAGE_EVENT"};

	writer_blank(c->w);
	writer_line(c->w, "MSGC_DEFINE_MESSAGE(%s, %s, %s)", message->c_name,
	        writer_c_literal(c->w, message->wire, strlen(message->wire)), kinds[message->kind]);
}

void emit_c_api_source(const struct emit_c *c, const struct emit_c_node *node)
{
	const struct model_type *record = node->type;

	if (!emit_c_has_api(record))
		return;
	decode(c, record, false);
	decode(c, record, true);
	encode(c, record);
	validate(c, node);
	print(c, record);
	if (record->message != NULL)
		descriptor(c, record->message);
}
