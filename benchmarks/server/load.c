/* SPDX-License-Identifier: MIT */
/*
 * The load generator: opens connections to one server, keeps a number of messages under way, checks each reply (how many, in which order,
 * what it says), and prints one line of JSON. It must not know which server it is.
 *
 *   load --port N --path P [--load echo|broadcast|idle] [--connections N] [--active N] [--in-flight N] [--size BYTES]
 *        [--warm-up S] [--seconds S] [--settle S] [--socketio] [--greeting] [--faces] [--pid SERVER]
 */
#include "load.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DRAIN_SECONDS = 30, PATIENCE = 20 };

struct options options = {.path = "/",
        .connections = 1,
        .in_flight = 1,
        .warm_up = 0.3,
        .seconds = 1,
        .settle = 0.3,
        .size = 150};

static bool speaking; /* what was heard is answered with the next message */
static bool measuring;
static uint64_t replies;                /* while measuring */
static uint64_t under_way;              /* messages that are not yet back everywhere */
static char said[FLIGHT_MAX][TEXT_MAX]; /* of a broadcast: what is under way */
static size_t said_len;
static unsigned said_to[FLIGHT_MAX]; /* how many have heard it */
static unsigned
        free_places; /* of a broadcast: messages that all have heard since the last were sent */

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("load: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ------------------------------------------------------------------------------------------------ sending */

static void say(struct connection *connection, unsigned count)
{
	static unsigned char frames[FLIGHT_MAX * FRAME_MAX];
	uint64_t now = now_ns();
	char text[TEXT_MAX];
	size_t len = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned place = (unsigned)(connection->sent % options.in_flight);
		char *what = options.broadcast ? said[place] : text;

		said_len = message_make(what, connection->index, connection->sent);
		said_to[place] = 0;
		connection->sent_at[place] = now;
		connection->sent++;
		len += frame_make(frames + len, 1, what, said_len);
	}
	under_way += count;
	connection_send(connection, frames, len);
}

static void wrong(
        const struct connection *connection, const char *text, size_t len, const char *want)
{
	fail("connection %u, message %llu: got %.*s, wanted %s", connection->index,
	        (unsigned long long)connection->heard, (int)len, text, want);
}

/* ---------------------------------------------------------------------------------------------- receiving */

static void heard_own(struct connection *connection, const char *text, size_t len, uint64_t at)
{
	char want[TEXT_MAX];
	size_t want_len = message_make(want, connection->index, connection->heard);

	if (connection->heard == connection->sent || !message_is(text, len, want, want_len, true))
		wrong(connection, text, len, want);
	if (measuring)
		latency_add(at - connection->sent_at[connection->heard % options.in_flight]);
	connection->heard++;
	under_way--;
}

static void heard_broadcast(
        struct connection *connection, const char *text, size_t len, uint64_t at)
{
	const struct connection *speaker = connection_at(0);
	unsigned place = (unsigned)(connection->heard % options.in_flight);

	if (connection->heard == speaker->sent ||
	        !message_is(text, len, said[place], said_len, connection == speaker))
		wrong(connection, text, len, said[place]);
	if (measuring)
		latency_add(at - speaker->sent_at[place]);
	connection->heard++;
	if (++said_to[place] == options.connections) {
		under_way--;
		free_places++;
	}
}

void heard(struct connection *connection, const char *text, size_t len, uint64_t at)
{
	if (measuring)
		replies++;
	if (options.broadcast)
		heard_broadcast(connection, text, len, at);
	else
		heard_own(connection, text, len, at);
}

void heard_all(struct connection *connection)
{
	unsigned count;

	if (!speaking)
		return;
	if (options.broadcast) {
		count = free_places;
		free_places = 0;
		connection = connection_at(0);
	} else {
		count = options.in_flight - (unsigned)(connection->sent - connection->heard);
		if (connection->index >= options.active)
			return;
	}
	if (count)
		say(connection, count);
}

/* -------------------------------------------------------------------------------------------------- the run */

static void turn_for(double seconds)
{
	uint64_t end = now_ns() + (uint64_t)(seconds * 1e9), now;

	while ((now = now_ns()) < end)
		connections_turn((int)((end - now) / 1000000) + 1);
}

static void drain(void)
{
	uint64_t end = now_ns() + (uint64_t)DRAIN_SECONDS * 1000000000u;

	speaking = false;
	while (under_way) {
		connections_turn(100);
		if (now_ns() > end)
			fail("%llu messages did not come back", (unsigned long long)under_way);
	}
	turn_for(0.02); /* one too many would come now */
}

struct figures {
	double seconds, rate, server_us, server_share, load_share, kib;
};

static void run_load(struct figures *ret)
{
	uint64_t began, took, server, load;

	speaking = true;
	for (unsigned i = 0; i < (options.broadcast ? 1 : options.active); i++)
		say(connection_at(i), options.in_flight);
	turn_for(options.warm_up);
	latency_reset();
	measuring = true;
	server = options.pid ? process_cpu(options.pid) : 0;
	load = process_cpu(0);
	began = now_ns();
	turn_for(options.seconds);
	for (int i = 0; !replies && i < PATIENCE;
	        i++) /* on a machine that is busy with other things */
		turn_for(1);
	took = now_ns() - began;
	measuring = false;
	load = process_cpu(0) - load;
	server = options.pid ? process_cpu(options.pid) - server : 0;
	drain();
	if (!replies)
		fail("no message came back");
	ret->seconds = (double)took / 1e9;
	ret->rate = (double)replies / ret->seconds;
	ret->server_us = (double)server / (double)replies / 1000;
	ret->server_share = (double)server / (double)took;
	ret->load_share = (double)load / (double)took;
}

static void read_arguments(int argc, char **argv)
{
	static const struct option names[] = {{"port", 1, NULL, 'p'}, {"path", 1, NULL, 'P'},
	        {"load", 1, NULL, 'l'}, {"connections", 1, NULL, 'c'}, {"active", 1, NULL, 'a'},
	        {"in-flight", 1, NULL, 'f'}, {"size", 1, NULL, 's'}, {"warm-up", 1, NULL, 'w'},
	        {"seconds", 1, NULL, 't'}, {"settle", 1, NULL, 'T'}, {"socketio", 0, NULL, 'i'},
	        {"greeting", 0, NULL, 'g'}, {"faces", 0, NULL, 'F'}, {"pid", 1, NULL, 'd'},
	        {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 'p': options.port = atoi(optarg); break;
		case 'P': options.path = optarg; break;
		case 'l':
			options.broadcast = !strcmp(optarg, "broadcast");
			options.idle = !strcmp(optarg, "idle");
			break;
		case 'c': options.connections = (unsigned)atoi(optarg); break;
		case 'a': options.active = (unsigned)atoi(optarg); break;
		case 'f': options.in_flight = (unsigned)atoi(optarg); break;
		case 's': options.size = (size_t)atoi(optarg); break;
		case 'w': options.warm_up = atof(optarg); break;
		case 't': options.seconds = atof(optarg); break;
		case 'T': options.settle = atof(optarg); break;
		case 'i': options.socketio = true; break;
		case 'g': options.greeting = true; break;
		case 'F': options.faces = true; break;
		case 'd': options.pid = atoi(optarg); break;
		default: exit(2);
		}
	}
	if (!options.active || options.active > options.connections)
		options.active = options.connections;
	if (!options.connections || !options.in_flight || options.in_flight > FLIGHT_MAX)
		fail("one connection at least, and 1 to %d messages in flight", FLIGHT_MAX);
}

int main(int argc, char **argv)
{
	struct figures figures = {0};
	uint64_t resident = 0;

	read_arguments(argc, argv);
	message_init();
	if (options.pid)
		resident = process_resident(options.pid);
	connections_open();
	turn_for(options.settle);
	if (options.pid)
		figures.kib = ((double)process_resident(options.pid) - (double)resident) / 1024 /
		        options.connections;
	if (!options.idle)
		run_load(&figures);
	connections_close();
	printf("{\"rate\":%.1f,\"p50\":%.2f,\"p99\":%.2f,\"p999\":%.2f,\"server_us\":%.4f,\"server_"
	       "share\":%.3f,"
	       "\"load_share\":%.3f,\"kib\":%.3f}\n",
	        figures.rate, latency_at(0.5), latency_at(0.99), latency_at(0.999),
	        figures.server_us, figures.server_share, figures.load_share, figures.kib);
	return 0;
}
