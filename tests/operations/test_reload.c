/* SPDX-License-Identifier: MIT */
/*
 * A configuration that is read anew while the server runs: what changes, what waits for a restart, what changes nothing.
 */
#include "hall.h"

#include <stdio.h>
#include <unistd.h>

#include "../../runtime/server/config_internal.h"

static char path[64], argument[96];
static int hook_calls, hook_result;

static void write_file(const char *text_of_file)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text_of_file, file);
	fclose(file);
}

static int count_call(void *app)
{
	(void)app;
	hook_calls++;
	return hook_result;
}

static int echo(struct hall *hall, const struct note *in, struct note *reply)
{
	(void)hall;
	reply->payload = in->payload;
	return 0;
}

static void start(const char *text_of_file)
{
	int fd;

	strcpy(path, "/tmp/msgc-reload-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	write_file(text_of_file);
	snprintf(argument, sizeof argument, "--config=%s", path);
	world_make(argument, "--drain-timeout=5s", NULL);
	atomic_store(&world->server->log.level, MSGC_LOG_INFO);
	hook_calls = hook_result = 0;
	ck_assert_int_eq(msgc_server_on_reload(world->server, count_call, NULL), 0);
	world->handlers.say = echo;
	world_start();
}

static void reload(const char *text_of_file)
{
	write_file(text_of_file);
	msgc_server_reload(world->server);
	world_pump();
}

static void end(void)
{
	world_end();
	unlink(path);
}

START_TEST(limits_take_effect_on_open_connections)
{
	client *c;

	start("depth-limit = 64\n");
	c = enter();
	reload("connection-rate = 1 per 60s\nbad-frame-limit = 0\nport = 9001\n");
	ck_assert(world_logged("event=config.reloaded changed=\"bad-frame-limit, connection-rate\" "
	                       "needs_restart=port"));
	ck_assert_int_eq(hook_calls, 1);
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"x\"}");
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	expect_begin(c, "{\"action\":\"error\",\"payload\":{\"reason\":\"rate_limited\"");
	reload("");
	ck_assert(world_logged("changed=\"bad-frame-limit, connection-rate\" needs_restart=-"));
	tell(c, "{\"action\":\"say\",\"payload\":\"x\"}");
	expect(c, "{\"action\":\"said\",\"payload\":\"x\"}");
	end();
}
END_TEST

START_TEST(the_command_line_still_wins)
{
	start("");
	reload("drain-timeout = 1m\n");
	ck_assert(world_logged("event=config.reloaded changed=- needs_restart=-"));
	ck_assert_int_eq(world->server->workers[0]->config->drain_timeout, 5000);
	end();
}
END_TEST

START_TEST(the_log_gets_louder_and_actions_are_muted)
{
	client *c;

	start("");
	c = enter();
	tell(c, "{\"action\":\"say\",\"payload\":\"1\"}");
	ck_assert(!world_logged("event=frame.received"));
	reload("log-level = debug\nlog-muted-actions = say\n");
	tell(c, "{\"action\":\"say\",\"payload\":\"2\"}");
	ck_assert(!world_logged("action=say"));
	tell(c, "{\"action\":\"ping\"}");
	ck_assert(world_logged("action=ping"));
	reload("log-level = debug\n");
	tell(c, "{\"action\":\"say\",\"payload\":\"3\"}");
	ck_assert(world_logged("action=say"));
	end();
}
END_TEST

START_TEST(a_wrong_file_changes_nothing)
{
	const struct msgc__config *before;

	start("");
	before = world->server->workers[0]->config;
	reload("bad-frame-limit = 7\nprot = 80\n");
	ck_assert(world_logged("event=config.wrong"));
	ck_assert(world_logged("did you mean 'port'?"));
	ck_assert(world_logged("event=config.not_reloaded"));
	ck_assert_ptr_eq(world->server->workers[0]->config, before);
	ck_assert_int_eq(hook_calls, 1);
	/* Good by itself, but not beside what cannot change: outbox-limit below the old frame-limit. */
	reload("frame-limit = 4KiB\noutbox-limit = 8KiB\n");
	ck_assert(world_logged("outbox-limit must not be less than frame-limit"));
	ck_assert_ptr_eq(world->server->workers[0]->config, before);
	reload("bad-frame-limit = 7\n");
	ck_assert_int_eq(world->server->workers[0]->config->bad_frame_limit, 7);
	end();
}
END_TEST

START_TEST(a_hook_that_fails_is_told)
{
	start("");
	hook_result = MSGC_EIO;
	reload("");
	ck_assert(world_logged("event=reload.hook error=MSGC_EIO"));
	ck_assert(world_logged("event=config.reloaded"));
	ck_assert_int_eq(msgc_server_on_reload(world->server, NULL, NULL), 0);
	reload("");
	ck_assert_int_eq(hook_calls, 1);
	end();
}
END_TEST

START_TEST(one_reload_after_another)
{
	start("workers = 1\n");
	for (int i = 0; i < 5; i++) {
		char line[64];

		snprintf(line, sizeof line, "max-groups = %d\n", i + 3);
		reload(line);
		ck_assert_int_eq(world->server->workers[0]->config->max_groups, i + 3);
	}
	end();
}
END_TEST

START_TEST(a_reload_during_the_drain_does_no_harm)
{
	start("");
	msgc_server_stop(world->server);
	msgc_server_reload(world->server);
	world_pump();
	ck_assert(!world_logged("config.reloaded"));
	end();
}
END_TEST

START_TEST(every_live_key_is_one_of_the_table)
{
	for (size_t i = 0; msgc__config_live[i]; i++) {
		size_t k = 0;

		while (k < msgc__config_key_count &&
		        strcmp(msgc__config_keys[k].name, msgc__config_live[i]) != 0)
			k++;
		ck_assert_msg(k < msgc__config_key_count, "%s", msgc__config_live[i]);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {limits_take_effect_on_open_connections,
	        the_command_line_still_wins, the_log_gets_louder_and_actions_are_muted,
	        a_wrong_file_changes_nothing, a_hook_that_fails_is_told, one_reload_after_another,
	        a_reload_during_the_drain_does_no_harm, every_live_key_is_one_of_the_table, NULL};

	return hall_main("reload", tests);
}
