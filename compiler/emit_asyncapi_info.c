/* SPDX-License-Identifier: MIT */
/*
 * emit_asyncapi_info.c - what a contract's options say of it: "info" and "servers".
 *
 * Options are texts for people; only what is surely a URL or an address is given out as one, since a
 * document with a wrong one is no AsyncAPI document. Knows nothing of messages.
 */
#include "emit_asyncapi.h"

#include <string.h>

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_all_of(const char *text, size_t length, const char *others)
{
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		            strchr(others, c) != NULL))
			return false;
	}
	return length > 0;
}

/* "https://host/path", without anything that would have to be encoded. */
static bool is_url(const char *text)
{
	const char *rest = strstr(text, "://");

	if (rest == NULL || !(starts_with(text, "http://") || starts_with(text, "https://")))
		return false;
	return is_all_of(rest + 3, strlen(rest + 3), "-._~/?#&=+:@%") &&
	        strchr(rest + 3, '%') == NULL;
}

/* "a.b@host.example" and no more. */
static bool is_address(const char *text, size_t length)
{
	const char *at = memchr(text, '@', length), *host = at != NULL ? at + 1 : NULL;
	size_t host_length = at != NULL ? length - (size_t)(at - text) - 1 : 0;

	return at != NULL && is_all_of(text, (size_t)(at - text), "-_+") &&
	        is_all_of(host, host_length, "-.") && host[0] != '.' && host[0] != '-' &&
	        host[host_length - 1] != '.' && host[host_length - 1] != '-' &&
	        memchr(host, '.', host_length) != NULL;
}

static void put_part(struct json_object *object, const char *key, const char *text, size_t length)
{
	struct writer *w = schema_text_begin();

	writer_add(w, "%.*s", (int)length, text);
	schema_put_text(object, key, schema_text_result(w));
	writer_free(w);
}

/* A URL, an address, "Name <address>", or what it is called. */
static struct json_object *contact_of(const char *text)
{
	struct json_object *contact = schema_object();
	const char *open = strchr(text, '<'), *end = text + strlen(text);

	if (is_url(text)) {
		schema_put_text(contact, "url", text);
	} else if (is_address(text, strlen(text))) {
		schema_put_text(contact, "email", text);
	} else if (open != NULL && open > text && end[-1] == '>' &&
	        is_address(open + 1, (size_t)(end - open) - 2)) {
		size_t length = (size_t)(open - text);

		while (length > 1 && text[length - 1] == ' ')
			length--;
		put_part(contact, "name", text, length);
		put_part(contact, "email", open + 1, (size_t)(end - open) - 2);
	} else {
		schema_put_text(contact, "name", text);
	}
	return contact;
}

static struct json_object *licence_of(const char *text)
{
	struct json_object *licence = schema_object();

	schema_put_text(licence, "name", text);
	if (is_url(text))
		schema_put_text(licence, "url", text);
	return licence;
}

struct json_object *asyncapi_info(const struct model_contract *contract)
{
	const struct model_options *options = &contract->options;
	struct json_object *info = schema_object();
	struct writer *w = schema_text_begin();

	schema_put_text(info, "title", options->title != NULL ? options->title : contract->name);
	writer_add(w, "%u.0.0", contract->version);
	schema_put_text(info, "version", schema_text_result(w));
	writer_free(w);
	if (options->description != NULL || contract->doc != NULL)
		schema_put_text(info, "description",
		        options->description != NULL ? options->description : contract->doc);
	if (options->contact != NULL)
		schema_put(info, "contact", contact_of(options->contact));
	if (options->licence != NULL)
		schema_put(info, "license", licence_of(options->licence));
	return info;
}

/* ----------------------------------------------------------------- servers */

static const struct {
	const char *prefix;
	const char *protocol;
} schemes[] = {
        {"wss://", "wss"},
        {"ws://", "ws"},
        {"https://", "wss"},
        {"http://", "ws"},
        {"", "wss"},
};

struct json_object *asyncapi_servers(const struct model_contract *contract)
{
	struct json_object *servers = schema_object(), *server = schema_object();
	const char *url = contract->options.server_url, *path;
	size_t i = 0;

	while (!starts_with(url, schemes[i].prefix))
		i++;
	url += strlen(schemes[i].prefix);
	path = url + strcspn(url, "/?#");
	put_part(server, "host", url, (size_t)(path - url));
	schema_put_text(server, "protocol", schemes[i].protocol);
	if (*path == '/' && path[1] != '\0')
		put_part(server, "pathname", path, strcspn(path, "?#"));
	schema_put(servers, "main", server);
	return servers;
}
