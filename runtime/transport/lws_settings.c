/* SPDX-License-Identifier: MIT */
/*
 * From the server's configuration to what a loop needs, and the process's limit of descriptors. The only file of the transport that looks
 * into the server.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../server/core.h"
#include "../server/worker.h"
#include "lws_internal.h"

enum {
	RESERVE_MAX = 128, /* descriptors for everything else: files, databases, the loops */
	RESERVE_MIN = 16,
	SURPLUS = 64, /* sockets beyond max-connections, so that these can be told 503 */
	SANE_MAX = 1 << 20,
	LIBRARY_MAX =
	        9000000, /* libwebsockets falls back to 2560 where the limit is beyond ten million */
};

static const char *none_if_empty(const char *text)
{
	return text && *text ? text : NULL;
}

/*
 * Linux makes a process's table of descriptors longer when one does not fit, and with several threads that takes some twenty milliseconds (a grace
 * period of RCU), in the middle of accept(). So it gets its length at once: eight bytes of the kernel's for each.
 */
static void lengthen_table(rlim_t descriptors)
{
	int any = open("/dev/null", O_RDONLY | O_CLOEXEC), last = -1;

	if (any >= 0 && descriptors > 0 && descriptors <= SANE_MAX)
		last = fcntl(any, F_DUPFD_CLOEXEC, (int)descriptors - 1);
	if (last >= 0)
		close(last);
	if (any >= 0)
		close(any);
}

/*
 * libwebsockets allocates a table as long as the soft limit, and a server that runs out of descriptors spins in accept(): so the limit
 * is brought near to what is needed, and fewer sockets are accepted where it cannot be.
 */
static size_t fit_descriptors(struct msgc_server *server, size_t wanted)
{
	struct rlimit limit;
	rlim_t need, reserve;

	if (wanted > LIBRARY_MAX)
		wanted = LIBRARY_MAX;
	need = wanted + RESERVE_MAX;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return wanted;
	if (limit.rlim_cur < need || limit.rlim_cur > SANE_MAX) {
		struct rlimit better = limit;

		better.rlim_cur = need;
		if (limit.rlim_cur > SANE_MAX && need < SANE_MAX)
			better.rlim_cur = SANE_MAX;
		if (better.rlim_cur > limit.rlim_max)
			better.rlim_cur = limit.rlim_max;
		if (better.rlim_cur != limit.rlim_cur && !setrlimit(RLIMIT_NOFILE, &better))
			limit = better;
	}
	lengthen_table(limit.rlim_cur < need ? limit.rlim_cur : need);
	if (limit.rlim_cur >= need)
		return wanted;
	reserve = limit.rlim_cur / 4;
	if (reserve > RESERVE_MAX)
		reserve = RESERVE_MAX;
	if (reserve < RESERVE_MIN)
		reserve = RESERVE_MIN;
	wanted = limit.rlim_cur > reserve ? (size_t)(limit.rlim_cur - reserve) : 1;
	msgc_log(server, MSGC_LOG_WARNING, "listen.limited",
	        "detail=\"the limit of open files leaves room for fewer connections\" "
	        "open_files=%llu connections=%zu",
	        (unsigned long long)limit.rlim_cur, wanted);
	return wanted;
}

/* What may change while the loop runs. The descriptors that there are set a limit to connections that a reload cannot move. */
static void set_live(struct msgc__lws_settings *settings, const struct msgc__config *config)
{
	size_t connections = (size_t)config->max_connections;

	settings->handshake_ms = config->handshake_timeout;
	settings->request_ms = config->request_timeout;
	settings->keepalive_ms = config->keepalive_timeout;
	settings->close_ms = config->close_timeout;
	settings->ping_ms = config->ping_interval;
	settings->hangup_ms = config->ping_timeout;
	if (settings->sockets_max && connections + SURPLUS > settings->sockets_max)
		connections = settings->sockets_max > SURPLUS ? settings->sockets_max - SURPLUS : 1;
	settings->connections_max = connections;
}

void msgc__lws_settings_reload(
        struct msgc__lws_settings *settings, const struct msgc__config *config)
{
	set_live(settings, config);
}

int msgc__lws_settings_read(struct msgc__lws_settings *settings, struct msgc_server *server,
        const struct msgc__worker *worker)
{
	const struct msgc__config *config = &server->config;

	*settings = (struct msgc__lws_settings){
	        .server = server,
	        .worker = worker->index,
	        .workers = (unsigned)config->workers,
	        .host = config->host,
	        .admin_host = config->admin_host,
	        .port = (int)config->port,
	        .admin_port = config->admin_port == MSGC__PORT_OFF || worker->index
	                ? -1
	                : (int)config->admin_port,
	        .tls_certificate = none_if_empty(config->tls_certificate),
	        .tls_key = none_if_empty(config->tls_key),
	        .header_limit = (size_t)config->header_limit,
	};
	if (!settings->workers)
		settings->workers = 1;
	if (!settings->tls_certificate != !settings->tls_key) {
		msgc_log(server, MSGC_LOG_ERROR, "listen.failed",
		        "detail=\"tls-certificate and tls-key belong together\"");
		return MSGC_ECONFIG;
	}
	settings->header_name_count =
	        msgc__http_header_names(&server->http, &settings->header_names);
	set_live(settings, config);
	settings->sockets_max = fit_descriptors(server, settings->connections_max + SURPLUS);
	return 0;
}
