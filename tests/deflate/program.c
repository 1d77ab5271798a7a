/* SPDX-License-Identifier: MIT */
/* See program.h. */
#include "program.h"

#include <string.h>

static int say(struct packed_packed *self, const struct packed_say *in, struct packed_said *reply)
{
	(void)self;
	reply->payload = in->payload;
	return MSGC_OK;
}

static int tell(struct packed_packed *self, const struct packed_tell *in)
{
	const struct packed_told told = {.payload = in->payload};

	return packed_room_broadcast_told(
	        self->server, self->params.id, self->sender, &told, MSGC_TO_ALL);
}

static int pour(struct packed_packed *self, const struct packed_pour *in)
{
	static char much[100000];
	const struct packed_drop drop = {.payload = {much, sizeof(much)}};
	int result = MSGC_OK;

	memset(much, 'm', sizeof(much));
	for (int32_t i = 0; i < in->payload && result == MSGC_OK; i++)
		result = packed_packed_send_drop(self, &drop);
	return result;
}

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

static int plain_say(
        struct packed_plain *self, const struct packed_say *in, struct packed_said *reply)
{
	(void)self;
	reply->payload = in->payload;
	return MSGC_OK;
}

static int plain_tell(struct packed_plain *self, const struct packed_tell *in)
{
	const struct packed_told told = {.payload = in->payload};

	return packed_room_broadcast_told(
	        self->server, self->params.id, self->sender, &told, MSGC_TO_ALL);
}

struct msgc_server *packed_make(int argc, char **argv, void *app)
{
	static const struct packed_packed_handlers packed = {
	        .say = say, .tell = tell, .pour = pour};
	static const struct packed_plain_handlers plain = {.say = plain_say, .tell = plain_tell};

	struct msgc_server *server = msgc_server_new(argc, argv);

	if (!server)
		return NULL;
	msgc_server_on_worker(server, start_worker, NULL, NULL);
	packed_packed_serve(server, &packed, app);
	packed_plain_serve(server, &plain, app);
	return server;
}
