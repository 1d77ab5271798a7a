/* SPDX-License-Identifier: MIT */
/*
 * A browser: a cookie jar, headers that go with every request, and requests. It must not know how bytes travel.
 */
#define _GNU_SOURCE 1 /* strcasestr */

#include "../deflate/deflate.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static struct msgc__test_pair **find(struct msgc__test_pair **list, const char *name)
{
	while (*list && strcasecmp((*list)->name, name) != 0)
		list = &(*list)->next;
	return list;
}

static void set(
        struct msgc_test *test, struct msgc__test_pair **list, const char *name, const char *value)
{
	struct msgc__test_pair **at = find(list, name), *pair = *at;

	if (!value) {
		if (pair)
			*at = pair->next;
		return;
	}
	if (!pair) {
		pair = msgc__test_alloc(test, sizeof(*pair));
		pair->name = msgc__test_copy(test, name, strlen(name));
		*at = pair;
	}
	pair->value = msgc__test_copy(test, value, strlen(value));
}

struct msgc_test_browser *msgc_test_browser_new(struct msgc_test *test)
{
	struct msgc_test_browser *browser = msgc__test_alloc(test, sizeof(*browser));

	browser->test = test;
	msgc_test_set_header(browser, "host", test->host);
	msgc_test_set_header(browser, "origin", test->origin);
	return browser;
}

void msgc_test_set_header(struct msgc_test_browser *browser, const char *name, const char *value)
{
	char lower[128];
	size_t len = strlen(name);

	if (len >= sizeof(lower))
		msgc__test_fail("the name of the header is too long");
	for (size_t i = 0; i <= len; i++)
		lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
	set(browser->test, &browser->headers, lower, value);
}

void msgc_test_offer_compression(struct msgc_test_browser *browser)
{
	msgc_test_set_header(browser, "sec-websocket-extensions", msgc__deflate_offer);
}

void msgc_test_set_cookie(struct msgc_test_browser *browser, const char *name, const char *value)
{
	set(browser->test, &browser->cookies, name, value);
	browser->changes++;
}

const char *msgc_test_cookie(const struct msgc_test_browser *browser, const char *name)
{
	for (const struct msgc__test_pair *pair = browser->cookies; pair; pair = pair->next) {
		if (strcmp(pair->name, name) == 0)
			return pair->value;
	}
	return NULL;
}

/* ---- requests */

static const char *cookie_header(struct msgc_test_browser *browser)
{
	size_t size = 1, len = 0;
	char *text;

	for (const struct msgc__test_pair *pair = browser->cookies; pair; pair = pair->next)
		size += strlen(pair->name) + strlen(pair->value) + 3;
	text = msgc__test_alloc(browser->test, size);
	for (const struct msgc__test_pair *pair = browser->cookies; pair; pair = pair->next)
		len += (size_t)snprintf(text + len, size - len, "%s%s=%s", len ? "; " : "",
		        pair->name, pair->value);
	return text;
}

static size_t count_headers(const struct msgc_test_browser *browser, const char *const *extra)
{
	size_t count = 1;

	for (const struct msgc__test_pair *pair = browser->headers; pair; pair = pair->next)
		count++;
	for (; extra && *extra; extra += 2)
		count++;
	return count;
}

struct msgc__request msgc__test_request(struct msgc_test_browser *browser, const char *method,
        const char *target, const char *const *extra)
{
	const char *query = strchr(target, '?');
	size_t count = 0;
	struct msgc__header *headers =
	        msgc__test_alloc(browser->test, count_headers(browser, extra) * sizeof(*headers));

	for (const struct msgc__test_pair *pair = browser->headers; pair; pair = pair->next)
		headers[count++] = (struct msgc__header){pair->name, msgc_str_from(pair->value)};
	if (browser->cookies)
		headers[count++] =
		        (struct msgc__header){"cookie", msgc_str_from(cookie_header(browser))};
	for (; extra && extra[0]; extra += 2)
		headers[count++] = (struct msgc__header){extra[0], msgc_str_from(extra[1])};
	return (struct msgc__request){
	        .method = method,
	        .path = msgc_str_of(target, query ? (size_t)(query - target) : strlen(target)),
	        .query = msgc_str_from(query ? query + 1 : ""),
	        .headers = headers,
	        .header_count = count,
	        .address = "127.0.0.1",
	};
}

/* One Set-Cookie header: its first pair, and whether it is over already. */
static void take_cookie(struct msgc_test_browser *browser, const char *line, size_t len)
{
	size_t pair_len = strcspn(line, ";\n");
	const char *equals = memchr(line, '=', pair_len);
	char *name, *value, *rest;

	if (!equals)
		msgc__test_fail("a Set-Cookie header without '=': %.*s", (int)len, line);
	name = msgc__test_copy(browser->test, line, (size_t)(equals - line));
	value = msgc__test_copy(browser->test, equals + 1, pair_len - (size_t)(equals + 1 - line));
	rest = msgc__test_copy(browser->test, line + pair_len, len - pair_len);
	msgc_test_set_cookie(browser, name, strcasestr(rest, "max-age=0") ? NULL : value);
}

static void take_cookies(struct msgc_test_browser *browser, const char *headers)
{
	static const char prefix[] = "set-cookie: ";

	while (*headers) {
		size_t len = strcspn(headers, "\n");

		if (strncmp(headers, prefix, sizeof(prefix) - 1) == 0)
			take_cookie(
			        browser, headers + sizeof(prefix) - 1, len - (sizeof(prefix) - 1));
		headers += len + (headers[len] == '\n');
	}
}

static const struct msgc_test_response *send(struct msgc_test_browser *browser, const char *method,
        const char *target, const char *content_type, const char *text, bool admin)
{
	const char *extra[] = {content_type ? "content-type" : NULL, content_type, NULL};
	struct msgc_test *test = browser->test;
	struct msgc__request request = msgc__test_request(browser, method, target, extra);
	struct msgc_test_response *response = msgc__test_alloc(test, sizeof(*response));
	struct msgc_buf headers, body;

	msgc_buf_init(&headers, 0);
	msgc_buf_init(&body, 0);
	response->status =
	        test->ways->request(test, &request, admin, msgc_str_from(text), &headers, &body);
	response->headers = msgc__test_copy(test, headers.data, headers.len);
	response->body = msgc_str_of(msgc__test_copy(test, body.data, body.len), body.len);
	msgc_buf_free(&headers);
	msgc_buf_free(&body);
	take_cookies(browser, response->headers);
	return response;
}

const struct msgc_test_response *msgc_test_http(struct msgc_test_browser *browser,
        const char *method, const char *target, const char *content_type, const char *body)
{
	return send(browser, method, target, content_type, body, false);
}

const struct msgc_test_response *msgc_test_get(
        struct msgc_test_browser *browser, const char *target)
{
	return send(browser, "GET", target, NULL, NULL, false);
}

const struct msgc_test_response *msgc_test_admin_get(
        struct msgc_test_browser *browser, const char *target)
{
	return send(browser, "GET", target, NULL, NULL, true);
}

const struct msgc_test_response *msgc_test_post_form(
        struct msgc_test_browser *browser, const char *target, const char *form)
{
	return send(browser, "POST", target, "application/x-www-form-urlencoded", form, false);
}

const struct msgc_test_response *msgc_test_post_json(
        struct msgc_test_browser *browser, const char *target, const char *json)
{
	return send(browser, "POST", target, "application/json", json, false);
}

void msgc_test_log_in(struct msgc_test_browser *browser, const char *target, const char *form)
{
	unsigned before = browser->changes;
	const struct msgc_test_response *response = msgc_test_post_form(browser, target, form);

	if (response->status >= 400)
		msgc__test_fail("POST %s: %d %.*s", target, response->status,
		        (int)response->body.len, response->body.ptr);
	if (browser->changes == before || !browser->cookies)
		msgc__test_fail("POST %s: %d, but no cookie", target, response->status);
}

const char *msgc_test_header(const struct msgc_test_response *response, const char *name)
{
	static _Thread_local char value[8192];
	size_t name_len = strlen(name);

	for (const char *line = response->headers; *line;) {
		size_t len = strcspn(line, "\n");

		if (len > name_len + 1 && strncasecmp(line, name, name_len) == 0 &&
		        line[name_len] == ':') {
			snprintf(value, sizeof(value), "%.*s", (int)(len - name_len - 2),
			        line + name_len + 2);
			return value;
		}
		line += len + (line[len] == '\n');
	}
	return NULL;
}
