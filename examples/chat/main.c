/* SPDX-License-Identifier: MIT */
/*
 * A chat: rooms, their members, what they say to each other. This file reads the settings and
 * starts it; app.c puts the parts together.
 */
#include "chat.h"

#include <stdio.h>

/*
 * For who has just started it: the server listens, and its own lines above name the address. What
 * app->visits holds belongs to one worker, so there are no more.
 */
static int greet(void *app_, unsigned worker)
{
	const struct app *app = app_;

	if (worker > 0)
		return MSGC_ECONFIG;
	if (!app->demo)
		return MSGC_OK;
	puts("Open the url above in two browser windows, one of them private. Log in as Ada in "
	     "one\n"
	     "and as Grace in the other: a click each (names ada and grace, password "
	     "demo-password).");
	fflush(stdout);
	return MSGC_OK;
}

int main(int argc, char **argv)
{
	static struct app app;
	static const struct msgc_setting settings[] = {
	        {"database", MSGC_SETTING_STRING, &app.database, "chat.sqlite",
	                "SQLite file; created with its tables where it is missing", false},
	        {"database-limit", MSGC_SETTING_SIZE, &app.database_limit, "0",
	                "largest size of the database; 0: what the disk holds", false},
	        {"lock-timeout", MSGC_SETTING_DURATION, &app.lock_timeout, "2s",
	                "how long to wait for a database that somebody has locked", false},
	        {"www", MSGC_SETTING_STRING, &app.www, CHAT_WWW, "folder of the pages", false},
	        {"demo", MSGC_SETTING_BOOL, &app.demo, "yes",
	                "in a new database: two users, ada and grace, and a room that they share",
	                false},
	};
	struct msgc_server *server =
	        msgc_server_new_with(argc, argv, settings, sizeof(settings) / sizeof(settings[0]));

	if (msgc_server_will_run(server)) {
		app_start(&app, server);
		msgc_server_on_worker(server, greet, NULL, &app);
	}
	return msgc_server_run(server);
}
