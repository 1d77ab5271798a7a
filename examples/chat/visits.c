/* SPDX-License-Identifier: MIT */
/*
 * A linked list, and a task that walks it on the worker.
 */
#include "visits.h"

#include <stdlib.h>
#include <string.h>

struct visit *visit_begin(
        struct visits *visits, struct msgc_connection *connection, const char *token)
{
	struct visit *visit = calloc(1, sizeof *visit);

	if (!visit)
		return NULL;
	visit->connection = connection;
	memcpy(visit->token, token, sizeof visit->token);
	visit->next = visits->first;
	visit->prev = &visits->first;
	if (visit->next)
		visit->next->prev = &visit->next;
	visits->first = visit;
	return visit;
}

void visit_end(struct visit *visit)
{
	if (!visit)
		return;
	*visit->prev = visit->next;
	if (visit->next)
		visit->next->prev = visit->prev;
	free(visit);
}

void visits_free(struct visits *visits)
{
	while (visits->first)
		visit_end(visits->first);
}

struct ending {
	struct visits *visits;
	char token[STORE_TOKEN_LEN + 1];
};

static void end_session(struct msgc_server *server, void *arg)
{
	struct ending *ending = arg;

	(void)server;
	for (struct visit *visit = ending->visits->first; visit; visit = visit->next) {
		if (strcmp(visit->token, ending->token) == 0)
			msgc_connection_close(
			        visit->connection, VISITS_SESSION_ENDED, "logged out");
	}
	free(ending);
}

int visits_end_session(struct visits *visits, struct msgc_server *server, struct store_text token)
{
	struct ending *ending;
	int result;

	if (token.len != STORE_TOKEN_LEN)
		return MSGC_OK; /* nobody's */
	ending = calloc(1, sizeof *ending);
	if (!ending)
		return MSGC_ENOMEM;
	ending->visits = visits;
	memcpy(ending->token, token.ptr, token.len);
	result = msgc_server_post(server, end_session, ending);
	if (result != MSGC_OK)
		free(ending);
	return result;
}
