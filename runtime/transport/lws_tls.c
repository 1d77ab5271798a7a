/* SPDX-License-Identifier: MIT */
/*
 * A renewed certificate without a restart. It must not know when that is due.
 *
 * libwebsockets loads new files into the virtual host's own SSL_CTX, but stops half-way where one of them is broken; so a virtual host of
 * no port is made of them first, and thrown away.
 */
#include <string.h>

#include <msgc/base.h>

#include "lws_internal.h"

static bool are_good(struct msgc__lws_loop *loop)
{
	struct lws_context_creation_info info;
	struct lws_vhost *trial;

	memset(&info, 0, sizeof(info));
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.vhost_name = "trial";
	info.protocols = loop->protocols;
	info.ssl_cert_filepath = loop->set.tls_certificate;
	info.ssl_private_key_filepath = loop->set.tls_key;
	trial = lws_create_vhost(loop->context, &info);
	if (!trial)
		return false;
	lws_vhost_destroy(trial);
	return true;
}

void msgc__lws_tls_reload(struct msgc__lws_loop *loop)
{
	const struct msgc__lws_settings *set = &loop->set;

	if (!set->tls_certificate)
		return;
	if (are_good(loop) &&
	        !lws_tls_cert_updated(
	                loop->context, set->tls_certificate, set->tls_key, NULL, 0, NULL, 0))
		msgc_log(set->server, MSGC_LOG_INFO, "tls.reloaded", "worker=%u certificate=%s",
		        set->worker, set->tls_certificate);
	else
		msgc_log(set->server, MSGC_LOG_ERROR, "tls.not_reloaded",
		        "worker=%u detail=\"the TLS certificate or its key cannot be used; the old "
		        "one stays\"",
		        set->worker);
}
