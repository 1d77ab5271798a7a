/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <msgc/http.h>

#include "desk.documents.h"
#include "desk.msgc.h"
#include "people.documents.h"

static int call(struct desk_desk *desk, const struct desk_call *in, struct desk_called *reply)
{
	(void)desk;
	reply->payload.name = in->payload.who;
	reply->payload.since = (struct msgc_date){.year = 2026, .month = 1, .day = 31};
	return MSGC_OK;
}

static int own(void *app, struct msgc_http_request *request, struct msgc_http_response *response)
{
	(void)app;
	(void)request;
	return msgc_http_text(response, "text/plain", MSGC_STR("the program's own"));
}

struct msgc_server *program_server(int argc, char **argv, void *app)
{
	static const struct desk_desk_handlers handlers = {.call = call};
	static const struct msgc_http_route routes[] = {
	        {.method = "GET", .pattern = "/asyncapi/people.json", .handler = own},
	};
	const bool *with = app;
	struct msgc_server *server = msgc_server_new(argc, argv);

	desk_desk_serve(server, &handlers, NULL);
	msgc_server_routes(server, routes, sizeof routes / sizeof routes[0], NULL);
	if (with == NULL || *with) {
		msgc_server_documents(server, &desk_documents);
		msgc_server_documents(server, &people_documents);
	}
	return server;
}
