/* SPDX-License-Identifier: MIT */
/*
 * Origins compared exactly by scheme, host and port, and the client's address behind proxies that are trusted. It only
 * judges. It must not resolve names: what is compared is text.
 */
#include "origin.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------------------ one origin */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_alphanumeric(char c)
{
	c = lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static uint16_t default_port(const char *scheme)
{
	if (strcmp(scheme, "https") == 0 || strcmp(scheme, "wss") == 0)
		return 443;
	if (strcmp(scheme, "http") == 0 || strcmp(scheme, "ws") == 0)
		return 80;
	return 0;
}

/* "scheme:" and "//" behind it. Returns bytes taken, 0: none. */
static size_t read_scheme(struct msgc_str text, char scheme[MSGC__SCHEME_MAX + 1])
{
	size_t len = 0;

	while (len < text.len && len < MSGC__SCHEME_MAX &&
	        (is_alphanumeric(text.ptr[len]) || (len > 0 && memchr("+-.", text.ptr[len], 3)))) {
		scheme[len] = lower(text.ptr[len]);
		len++;
	}
	scheme[len] = '\0';
	if (len == 0 || scheme[0] < 'a' || scheme[0] > 'z' || text.len - len < 3 ||
	        memcmp(text.ptr + len, "://", 3) != 0)
		return 0;
	return len + 3;
}

static bool read_ipv6(const char *text, size_t len, char host[MSGC__HOST_MAX + 1])
{
	struct in6_addr address;
	char inner[INET6_ADDRSTRLEN];

	if (len < 4 || text[len - 1] != ']' || len - 2 >= sizeof(inner))
		return false;
	memcpy(inner, text + 1, len - 2);
	inner[len - 2] = '\0';
	if (inet_pton(AF_INET6, inner, &address) != 1)
		return false;
	/* One address has many spellings; browsers send the canonical one, people configure any. */
	inet_ntop(AF_INET6, &address, inner, sizeof(inner));
	snprintf(host, MSGC__HOST_MAX + 1, "[%s]", inner);
	return true;
}

static bool read_name(const char *text, size_t len, char host[MSGC__HOST_MAX + 1])
{
	if (len == 0 || len > MSGC__HOST_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_alphanumeric(text[i]) && !memchr("-._~", text[i], 4))
			return false;
		host[i] = lower(text[i]);
	}
	host[len] = '\0';
	return true;
}

/* "host", "host:port", "[::1]:port". */
static bool read_authority(const char *text, size_t len, struct msgc__origin *origin)
{
	const char *colon = NULL;
	size_t host_len = len;
	unsigned long port = 0;

	for (size_t i = len; i > 0 && text[i - 1] != ']'; i--) {
		if (text[i - 1] == ':') {
			colon = &text[i - 1];
			break;
		}
	}
	if (colon) {
		host_len = (size_t)(colon - text);
		if (len - host_len < 2 || len - host_len > 6)
			return false;
		for (const char *digit = colon + 1; digit < text + len; digit++) {
			if (*digit < '0' || *digit > '9')
				return false;
			port = port * 10 + (unsigned long)(*digit - '0');
		}
		if (port == 0 || port > 65535)
			return false;
	}
	origin->port = colon ? (uint16_t)port : default_port(origin->scheme);
	if (host_len > 0 && text[0] == '[')
		return read_ipv6(text, host_len, origin->host);
	return read_name(text, host_len, origin->host);
}

int msgc__origin_parse(struct msgc_str text, bool url, struct msgc__origin *ret)
{
	struct msgc__origin origin = {.port = 0};
	size_t start = read_scheme(text, origin.scheme), len;
	const char *slash;

	if (start == 0)
		return MSGC_EINVAL;
	len = text.len - start;
	slash = url ? memchr(text.ptr + start, '/', len) : NULL;
	if (slash)
		len = (size_t)(slash - (text.ptr + start));
	if (!read_authority(text.ptr + start, len, &origin))
		return MSGC_EINVAL;
	*ret = origin;
	return MSGC_OK;
}

int msgc__origin_of_host(struct msgc_str host, const char *scheme, struct msgc__origin *ret)
{
	struct msgc__origin origin = {.port = 0};

	snprintf(origin.scheme, sizeof(origin.scheme), "%s", scheme);
	if (!read_authority(host.ptr, host.len, &origin))
		return MSGC_EINVAL;
	*ret = origin;
	return MSGC_OK;
}

bool msgc__origin_equal(const struct msgc__origin *a, const struct msgc__origin *b)
{
	return a->port == b->port && strcmp(a->scheme, b->scheme) == 0 &&
	        strcmp(a->host, b->host) == 0;
}

/* ------------------------------------------------------------------------------------ addresses */

/* IPv4 addresses become ::ffff:a.b.c.d, so that one comparison does for both. */
static bool read_address(const char *text, uint8_t out[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (inet_pton(AF_INET, text, out + 12) == 1) {
		memcpy(out, mapped, sizeof(mapped));
		return true;
	}
	return inet_pton(AF_INET6, text, out) == 1;
}

static bool is_mapped(const uint8_t bytes[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(bytes, mapped, sizeof(mapped)) == 0;
}

static void write_address(const uint8_t bytes[16], char out[MSGC__ADDRESS_MAX])
{
	if (is_mapped(bytes))
		inet_ntop(AF_INET, bytes + 12, out, MSGC__ADDRESS_MAX);
	else
		inet_ntop(AF_INET6, bytes, out, MSGC__ADDRESS_MAX);
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) & (0xff00u >> rest) & 0xffu) == 0;
}

int msgc__network_parse(const char *text, struct msgc__network *ret)
{
	struct msgc__network network = {.bits = 128};
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char address[MSGC__ADDRESS_MAX];
	unsigned given = 0, most;

	if (len == 0 || len >= sizeof(address))
		return MSGC_EINVAL;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!read_address(address, network.bytes))
		return MSGC_EINVAL;
	if (!slash) {
		*ret = network;
		return MSGC_OK;
	}
	most = strchr(address, ':') ? 128 : 32;
	for (slash++, len = 0; slash[len]; len++) {
		if (slash[len] < '0' || slash[len] > '9' || len == 3)
			return MSGC_EINVAL;
		given = given * 10 + (unsigned)(slash[len] - '0');
	}
	if (len == 0 || given > most)
		return MSGC_EINVAL;
	network.bits = given + (128 - most);
	/* Bits behind the mask are mostly a mistake (10.1.2.3/8): which one was meant cannot be known. */
	for (unsigned bit = network.bits; bit < 128; bit++) {
		if (network.bytes[bit / 8] & (0x80u >> (bit % 8)))
			return MSGC_EINVAL;
	}
	*ret = network;
	return MSGC_OK;
}

static bool network_has(const struct msgc__network *network, const uint8_t bytes[16])
{
	return same_bits(network->bytes, bytes, network->bits);
}

bool msgc__network_has(const struct msgc__network *network, const char *address)
{
	uint8_t bytes[16];

	return read_address(address, bytes) && network_has(network, bytes);
}

/* ------------------------------------------------------------------------------------ the rules of a server */

int msgc__origins_init(
        struct msgc__origins *origins, const struct msgc__config *config, const char **ret_wrong)
{
	size_t allowed = config->allowed_origins.count, proxies = config->trusted_proxies.count;

	*origins = (struct msgc__origins){.required = config->origin_required};
	*ret_wrong = config->public_url;
	if (*config->public_url) {
		if (msgc__origin_parse(msgc_str_from(config->public_url), true, &origins->own))
			return MSGC_ECONFIG;
		origins->has_public = true;
	}
	origins->allowed = calloc(allowed ? allowed : 1, sizeof(*origins->allowed));
	origins->proxies = calloc(proxies ? proxies : 1, sizeof(*origins->proxies));
	if (!origins->allowed || !origins->proxies) {
		msgc__origins_free(origins);
		return MSGC_ENOMEM;
	}
	for (; origins->allowed_count < allowed; origins->allowed_count++) {
		*ret_wrong = config->allowed_origins.items[origins->allowed_count];
		if (msgc__origin_parse(msgc_str_from(*ret_wrong), false,
		            &origins->allowed[origins->allowed_count]))
			goto wrong;
	}
	for (; origins->proxy_count < proxies; origins->proxy_count++) {
		*ret_wrong = config->trusted_proxies.items[origins->proxy_count];
		if (msgc__network_parse(*ret_wrong, &origins->proxies[origins->proxy_count]))
			goto wrong;
	}
	return MSGC_OK;
wrong:
	msgc__origins_free(origins);
	return MSGC_ECONFIG;
}

void msgc__origins_free(struct msgc__origins *origins)
{
	free(origins->allowed);
	free(origins->proxies);
	*origins = (struct msgc__origins){.required = origins->required};
}

/* ------------------------------------------------------------------------------------ requests */

const struct msgc_str *msgc__request_header(const struct msgc__request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++) {
		if (strcmp(request->headers[i].name, name) == 0)
			return &request->headers[i].value;
	}
	return NULL;
}

static bool is_proxy(const struct msgc__origins *origins, const uint8_t bytes[16])
{
	for (size_t i = 0; i < origins->proxy_count; i++) {
		if (network_has(&origins->proxies[i], bytes))
			return true;
	}
	return false;
}

/* The single address of X-Forwarded-For. A list means that somebody before the proxy had a say. */
static bool read_forwarded(const struct msgc_str *value, uint8_t out[16])
{
	char text[MSGC__ADDRESS_MAX];
	size_t start = 0, end;

	if (!value)
		return false;
	end = value->len;
	while (start < end && value->ptr[start] == ' ')
		start++;
	while (end > start && value->ptr[end - 1] == ' ')
		end--;
	if (end == start || end - start >= sizeof(text))
		return false;
	memcpy(text, value->ptr + start, end - start);
	text[end - start] = '\0';
	return strlen(text) == end - start && read_address(text, out);
}

static bool read_forwarded_proto(const struct msgc_str *value, bool *secure)
{
	if (!value)
		return true; /* the proxy speaks as the socket does */
	if (msgc_str_equal(*value, MSGC_STR("https")))
		*secure = true;
	else if (msgc_str_equal(*value, MSGC_STR("http")))
		*secure = false;
	else
		return false;
	return true;
}

int msgc__origins_client(const struct msgc__origins *origins, const struct msgc__request *request,
        struct msgc__client *ret)
{
	struct msgc__client client = {.secure = request->secure};
	uint8_t bytes[16];

	if (!request->address || !read_address(request->address, bytes)) {
		/* A transport without addresses (memory): its word is taken as it is. */
		snprintf(client.address, sizeof(client.address), "%s",
		        request->address ? request->address : "");
		*ret = client;
		return MSGC_OK;
	}
	if (is_proxy(origins, bytes)) {
		if (!read_forwarded(msgc__request_header(request, "x-forwarded-for"), bytes))
			return MSGC_EINVAL;
		if (!read_forwarded_proto(
		            msgc__request_header(request, "x-forwarded-proto"), &client.secure))
			return MSGC_EINVAL;
	}
	write_address(bytes, client.address);
	*ret = client;
	return MSGC_OK;
}

/* A page of the administrative listener, reached under the name that this request was sent to. */
static bool is_playground(const struct msgc__origins *origins, const struct msgc__origin *origin,
        const struct msgc_str *host)
{
	struct msgc__origin own;

	if (origins->playground_port == 0 || !host || msgc__origin_of_host(*host, "http", &own) < 0)
		return false;
	own.port = origins->playground_port;
	return msgc__origin_equal(origin, &own);
}

enum msgc__origin_verdict msgc__origins_judge(const struct msgc__origins *origins,
        const struct msgc__request *request, const struct msgc__client *client)
{
	const struct msgc_str *text = msgc__request_header(request, "origin");
	const struct msgc_str *host = msgc__request_header(request, "host");
	struct msgc__origin origin, own = {.scheme = "http"};

	if (!text)
		return MSGC__ORIGIN_MISSING;
	if (msgc__origin_parse(*text, false, &origin))
		return MSGC__ORIGIN_FOREIGN;
	for (size_t i = 0; i < origins->allowed_count; i++) {
		if (msgc__origin_equal(&origin, &origins->allowed[i]))
			return MSGC__ORIGIN_OWN;
	}
	if (is_playground(origins, &origin, host))
		return MSGC__ORIGIN_OWN;
	if (origins->has_public)
		return msgc__origin_equal(&origin, &origins->own) ? MSGC__ORIGIN_OWN
		                                                  : MSGC__ORIGIN_FOREIGN;
	if (client->secure)
		memcpy(own.scheme, "https", sizeof("https"));
	if (!host || !read_authority(host->ptr, host->len, &own))
		return MSGC__ORIGIN_FOREIGN;
	return msgc__origin_equal(&origin, &own) ? MSGC__ORIGIN_OWN : MSGC__ORIGIN_FOREIGN;
}

bool msgc__origins_trusts_cookies(
        const struct msgc__origins *origins, enum msgc__origin_verdict verdict)
{
	return verdict == MSGC__ORIGIN_OWN ||
	        (verdict == MSGC__ORIGIN_MISSING && !origins->required);
}
