/* SPDX-License-Identifier: MIT */
/*
 * What the program says to a client that has not said anything yet: `greet hello;`. It must not know who may come in.
 */
#include "connection.h"
#include "stage.h"
#include "standard.h"
#include "worker.h"

static void fail(struct msgc_connection *connection, int result)
{
	msgc_log(connection->worker->server, MSGC_LOG_WARNING, "handler.failed",
	        "connection=%llu consumer=%s handler=greet error=%s",
	        (unsigned long long)connection->id, connection->served->consumer->name,
	        msgc_error_name(result));
	if (result == MSGC_EREFUSED || result == MSGC_EDENIED)
		msgc__connection_end(connection, 4403, "refused");
	else if (result == MSGC_EBUSY)
		msgc__connection_end(connection, 1013, "busy");
	else
		msgc__connection_end(connection, 1011, "the greeting failed");
}

bool msgc__greet(struct msgc_connection *connection)
{
	const struct msgc__served *served = connection->served;
	const struct msgc_message *type = served->consumer->greeting;
	struct msgc_buf text = {0};
	void *message;
	int result = MSGC_ENOMEM;

	if (!type)
		return true;
	msgc__connection_bind(connection, &connection->arena);
	message = msgc_arena_calloc(&connection->arena, 1, type->size);
	if (message)
		result = served->consumer->greet(served->handlers, connection->self, message);
	if (result > 0)
		result = MSGC_EINTERNAL; /* there is nobody to do it later */
	if (result == 0)
		result = msgc__encode(connection->worker->server, type, message, &text);
	if (result == 0)
		msgc__message_put(connection, type, msgc_buf_str(&text), (struct msgc__address){0});
	else
		fail(connection, result);
	msgc_buf_free(&text);
	return connection->state < MSGC__CLOSING;
}
