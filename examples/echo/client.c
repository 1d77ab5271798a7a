/* SPDX-License-Identifier: MIT */
/* The smallest client: says its arguments, prints what comes back. */
#include <stdio.h>

#include "echo.client.h"

/* What is still to be answered, and whether all went well. */
struct talk {
	int open, failed;
};

static void said(void *app, struct echo_talk_client *client, const struct msgc_outcome *outcome,
        const struct echo_said *answer, void *arg)
{
	struct talk *talk = app;

	(void)arg;
	if (answer)
		printf("%.*s\n", (int)answer->payload.len, answer->payload.ptr);
	else
		fprintf(stderr, "%.*s\n", (int)outcome->detail.len, outcome->detail.ptr);
	talk->failed |= !answer;
	if (--talk->open == 0)
		msgc_client_close(echo_talk_client_connection(client), 0, NULL);
}

int main(int argc, char **argv)
{
	struct talk talk = {0};
	struct msgc_client_options options = {
	        .url = argc > 1 ? argv[1] : "http://127.0.0.1:8000", .app = &talk, .attempts = 3};
	struct echo_talk_client *client;

	if (echo_talk_client_new(&options, NULL, &client) != MSGC_OK) {
		fprintf(stderr, "usage: %s URL TEXT…\n", argv[0]);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		const struct echo_say message = {.payload = msgc_str_from(argv[i])};
		int result = echo_talk_client_request_say(client, &message, NULL, said, NULL);

		talk.open += result == MSGC_OK;
		talk.failed |= result != MSGC_OK;
	}
	if (talk.open > 0 && msgc_client_run(echo_talk_client_connection(client)) != MSGC_OK)
		talk.failed = 1;
	msgc_client_free(echo_talk_client_connection(client));
	return talk.failed;
}
