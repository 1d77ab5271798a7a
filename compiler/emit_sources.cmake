# SPDX-License-Identifier: MIT
# The outputs of msgc: one line per source file.
set(MSGC_EMIT_SOURCES
	emit_c_consumer.c
	emit_c_consumer_calls.c
	emit_c_consumer_glue.c
	emit_c_consumer_group.c
	emit_c_consumer_handlers.c
	emit_c_consumer_params.c
	emit_c_consumer_struct.c
	emit_c_consumer_table.c
	emit_c_plan.c
	emit_jsonschema_doc.c
	emit_jsonschema_scalar.c
)
