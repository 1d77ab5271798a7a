/* SPDX-License-Identifier: MIT */
/* The same over TLS, with a certificate made for the occasion: what goes through, what is negotiated, what is hung up on. */
#define _GNU_SOURCE
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "certificate.h"
#include "mock_core.h"
#include "raw.h"
#include "suites.h"

static SSL_CTX *context;

static void up_with(int64_t handshake_ms)
{
	certificate_make();
	mock_start(&(struct mock_options){.certificate = certificate_file,
	        .key = certificate_key,
	        .admin = true,
	        .handshake_ms = handshake_ms});
	context = SSL_CTX_new(TLS_client_method());
}

static void up(void)
{
	up_with(0);
}

static void up_in_a_hurry(void)
{
	up_with(700);
}

static void down(void)
{
	SSL_CTX_free(context);
	mock_stop();
	certificate_remove();
}

struct tls {
	struct raw raw;
	SSL *ssl;
};

static struct tls tls_open(void)
{
	struct tls tls = {.raw = raw_open(mock_port()), .ssl = SSL_new(context)};
	struct timeval wait = {RAW_WAIT / 1000, 0};

	setsockopt(tls.raw.fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	SSL_set_fd(tls.ssl, tls.raw.fd);
	return tls;
}

static void tls_done(struct tls *tls)
{
	SSL_free(tls->ssl);
	raw_done(&tls->raw);
}

static void tls_send(struct tls *tls, const void *bytes, size_t len)
{
	ck_assert_int_eq(SSL_write(tls->ssl, bytes, (int)len), (int)len);
}

/* Reads until `want` bytes are there, or, with 0, until the end of an HTTP head. */
static size_t tls_read(struct tls *tls, char *out, size_t size, size_t want)
{
	size_t len = 0;

	while (want ? len < want : !(len > 3 && memmem(out, len, "\r\n\r\n", 4))) {
		int got = SSL_read(tls->ssl, out + len, (int)(want ? want - len : 1));

		ck_assert_msg(got > 0, "SSL_read: %d", SSL_get_error(tls->ssl, got));
		len += (size_t)got;
		ck_assert_uint_lt(len, size);
	}
	out[len] = '\0';
	return len;
}

static const char handshake[] =
        "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

START_TEST(websocket_over_tls)
{
	static const size_t sizes[] = {5, 4000, 20000, 300000};
	struct tls tls = tls_open();
	char *in = malloc(400000), *text = malloc(300001);
	size_t len = sizes[_i], size, head = len < 126 ? 2 : len < 65536 ? 4 : 10;
	char *bytes;

	ck_assert_int_eq(SSL_connect(tls.ssl), 1);
	tls_send(&tls, handshake, sizeof(handshake) - 1);
	tls_read(&tls, in, 400000, 0);
	ck_assert_ptr_nonnull(strstr(in, "HTTP/1.1 101 "));
	memset(text, 't', len);
	bytes = raw_frame_bytes(true, RAW_TEXT, text, len, &size);
	tls_send(&tls, bytes, size);
	tls_read(&tls, in, 400000, head + len);
	ck_assert_mem_eq(in + head, text, len);
	free(bytes);
	free(in);
	free(text);
	tls_done(&tls);
}
END_TEST

START_TEST(frames_in_one_record_with_the_handshake)
{
	struct tls tls = tls_open();
	char packet[1024], in[1024];
	size_t at = sizeof(handshake) - 1, len, i;

	memcpy(packet, handshake, at);
	for (i = 0; i < 3; i++) {
		char *bytes = raw_frame_bytes(true, RAW_TEXT, "abc", 3, &len);

		memcpy(packet + at, bytes, len);
		at += len;
		free(bytes);
	}
	ck_assert_int_eq(SSL_connect(tls.ssl), 1);
	tls_send(&tls, packet, at);
	tls_read(&tls, in, sizeof(in), 0);
	tls_read(&tls, in, sizeof(in), 15);
	ck_assert_mem_eq(in,
	        "\x81\x03"
	        "abc\x81\x03"
	        "abc\x81\x03"
	        "abc",
	        15);
	tls_done(&tls);
}
END_TEST

static struct tls tls_websocket(int version)
{
	struct tls tls = tls_open();
	char in[1024];

	SSL_set_max_proto_version(tls.ssl, version);
	ck_assert_int_eq(SSL_connect(tls.ssl), 1);
	tls_send(&tls, handshake, sizeof(handshake) - 1);
	tls_read(&tls, in, sizeof(in), 0);
	ck_assert_ptr_nonnull(strstr(in, "HTTP/1.1 101 "));
	return tls;
}

static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

/* More than is decrypted at once, in one go: the socket has nothing more to tell while there is still much to be read. */
START_TEST(many_frames_at_once)
{
	enum { FRAMES = 3000, SIZE = 100 };
	struct tls tls = tls_websocket(versions[_i]);
	char text[SIZE], *all = malloc(FRAMES * (SIZE + 20)), *in = malloc(FRAMES * (SIZE + 2) + 1);
	size_t at = 0, len, i;

	for (i = 0; i < FRAMES; i++) {
		char *bytes;

		memset(text, 'a' + (int)(i % 26), SIZE);
		bytes = raw_frame_bytes(true, RAW_TEXT, text, SIZE, &len);
		memcpy(all + at, bytes, len);
		at += len;
		free(bytes);
	}
	tls_send(&tls, all, at);
	tls_read(&tls, in, FRAMES * (SIZE + 2) + 1, FRAMES * (SIZE + 2));
	for (i = 0; i < FRAMES; i++)
		ck_assert_int_eq(in[i * (SIZE + 2) + 2], 'a' + (int)(i % 26));
	free(all);
	free(in);
	tls_done(&tls);
}
END_TEST

/* TLS 1.3: the server has to answer in the middle of reading, and both go on with new keys. */
START_TEST(keys_are_updated)
{
	struct tls tls = tls_websocket(TLS1_3_VERSION);
	char in[64], *bytes;
	size_t len;

	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(SSL_key_update(tls.ssl, SSL_KEY_UPDATE_REQUESTED), 1);
		bytes = raw_frame_bytes(true, RAW_TEXT, "abc", 3, &len);
		tls_send(&tls, bytes, len);
		free(bytes);
		tls_read(&tls, in, sizeof(in), 5);
		ck_assert_mem_eq(in,
		        "\x81\x03"
		        "abc",
		        5);
	}
	tls_done(&tls);
}
END_TEST

/* An end that comes with the last message, and only TLS says so: the socket stays open. */
START_TEST(the_end_of_tls_is_the_end)
{
	struct tls tls = tls_websocket(versions[_i]);
	char *bytes;
	size_t len;

	bytes = raw_frame_bytes(true, RAW_TEXT, "the last", 8, &len);
	tls_send(&tls, bytes, len);
	free(bytes);
	SSL_shutdown(tls.ssl);
	for (int i = 0; i < 400 && !mock_counts.closed; i++)
		raw_sleep(10);
	ck_assert_int_eq(mock_counts.texts, 1);
	ck_assert_int_eq(mock_counts.closed, 1);
	ck_assert_int_eq(mock_counts.last_code, 1006);
	tls_done(&tls);
}
END_TEST

START_TEST(garbage_is_hung_up_on)
{
	struct tls tls = tls_websocket(versions[_i]);

	raw_send(&tls.raw, "this is no record of TLS", 24);
	for (int i = 0; i < 400 && !mock_counts.closed; i++)
		raw_sleep(10);
	ck_assert_int_eq(mock_counts.closed, 1);
	ck_assert_int_eq(mock_counts.texts, 0);
	tls_done(&tls);
}
END_TEST

START_TEST(http_over_tls_says_so)
{
	static const char request[] = "GET /dump HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct tls tls = tls_open();
	char *in = malloc(100000);
	int i;

	ck_assert_int_eq(SSL_connect(tls.ssl), 1);
	for (i = 0; i < 3; i++) {
		char *length;

		tls_send(&tls, request, sizeof(request) - 1);
		tls_read(&tls, in, 100000, 0);
		length = strstr(in, "Content-Length: ");
		ck_assert_ptr_nonnull(length);
		tls_read(&tls, in, 100000, (size_t)atol(length + 16));
		ck_assert_ptr_nonnull(strstr(in, "\nsecure=1\n"));
	}
	free(in);
	tls_done(&tls);
}
END_TEST

START_TEST(large_response_over_tls)
{
	static const char request[] = "GET /big?12000000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
	struct tls tls = tls_open();
	char *in = malloc(12100000);
	size_t i;

	ck_assert_int_eq(SSL_connect(tls.ssl), 1);
	tls_send(&tls, request, sizeof(request) - 1);
	raw_sleep(200); /* more than the kernel takes has to wait in the server */
	tls_read(&tls, in, 12100000, 0);
	tls_read(&tls, in, 12100000, 12000000);
	for (i = 0; i < 12000000; i += 991)
		ck_assert_int_eq(in[i], 'a' + (int)(i % 26));
	free(in);
	tls_done(&tls);
}
END_TEST

START_TEST(only_http_1_1_is_negotiated)
{
	static const unsigned char both[] = "\x02h2\x08http/1.1", h2[] = "\x02h2";
	struct tls tls = tls_open();
	const unsigned char *chosen;
	unsigned len;

	SSL_set_alpn_protos(tls.ssl, _i ? h2 : both, _i ? sizeof(h2) - 1 : sizeof(both) - 1);
	SSL_connect(tls.ssl);
	SSL_get0_alpn_selected(tls.ssl, &chosen, &len);
	ck_assert_uint_eq(len, _i ? 0 : 8);
	if (!_i)
		ck_assert_mem_eq(chosen, "http/1.1", 8);
	tls_done(&tls);
}
END_TEST

START_TEST(old_versions_are_refused)
{
	struct tls tls = tls_open();

	SSL_set_security_level(tls.ssl, 0);
	SSL_set_min_proto_version(tls.ssl, TLS1_VERSION);
	SSL_set_max_proto_version(tls.ssl, TLS1_1_VERSION);
	ck_assert_int_ne(SSL_connect(tls.ssl), 1);
	tls_done(&tls);
}
END_TEST

START_TEST(plain_http_on_the_tls_port_is_hung_up_on)
{
	struct raw raw = raw_open(mock_port());

	raw_print(&raw, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert(raw_hangs_up(&raw, RAW_WAIT));
	ck_assert_int_eq(mock_counts.begun, 0);
	raw_done(&raw);
}
END_TEST

START_TEST(administrative_listener_is_plain)
{
	struct raw raw = raw_open(mock_admin_port());

	ck_assert_int_eq(raw_status(&raw, "GET /sensitive HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
	raw_done(&raw);
}
END_TEST

START_TEST(tls_handshake_that_does_not_go_on_times_out)
{
	int64_t start = raw_now();
	struct raw raw = raw_open(mock_port());

	if (_i)
		raw_send(&raw, "\x16\x03\x01\x02\x00\x01\x00", 7);
	raw_hung_up_on(&raw, start, 700);
	raw_done(&raw);
}
END_TEST

START_TEST(server_closes_over_tls)
{
	struct tls tls = tls_open();
	char in[1024], *bytes;
	size_t len;

	ck_assert_int_eq(SSL_connect(tls.ssl), 1);
	tls_send(&tls, handshake, sizeof(handshake) - 1);
	tls_read(&tls, in, sizeof(in), 0);
	bytes = raw_frame_bytes(true, RAW_TEXT, "!close 4001 bye", 15, &len);
	tls_send(&tls, bytes, len);
	free(bytes);
	tls_read(&tls, in, sizeof(in), 7);
	ck_assert_mem_eq(in,
	        "\x88\x05\x0f\xa1"
	        "bye",
	        7);
	bytes = raw_frame_bytes(true, RAW_CLOSE, "\x0f\xa1", 2, &len);
	tls_send(&tls, bytes, len);
	free(bytes);
	ck_assert_int_le(SSL_read(tls.ssl, in, 1), 0);
	tls_done(&tls);
}
END_TEST

Suite *suite_tls(void)
{
	Suite *suite = suite_create("tls");
	TCase *one = tcase_create("with a certificate"),
	      *hurry = tcase_create("with a short deadline");

	tcase_add_checked_fixture(one, up, down);
	tcase_set_timeout(one, 30);
	tcase_add_checked_fixture(hurry, up_in_a_hurry, down);
	tcase_set_timeout(hurry, 30);
	tcase_add_loop_test(one, websocket_over_tls, 0, 4);
	tcase_add_test(one, frames_in_one_record_with_the_handshake);
	tcase_add_loop_test(one, many_frames_at_once, 0, 2);
	tcase_add_test(one, keys_are_updated);
	tcase_add_loop_test(one, the_end_of_tls_is_the_end, 0, 2);
	tcase_add_loop_test(one, garbage_is_hung_up_on, 0, 2);
	tcase_add_test(one, http_over_tls_says_so);
	tcase_add_test(one, large_response_over_tls);
	tcase_add_loop_test(one, only_http_1_1_is_negotiated, 0, 2);
	tcase_add_test(one, old_versions_are_refused);
	tcase_add_test(one, plain_http_on_the_tls_port_is_hung_up_on);
	tcase_add_test(one, administrative_listener_is_plain);
	tcase_add_loop_test(hurry, tls_handshake_that_does_not_go_on_times_out, 0, 2);
	tcase_add_test(one, server_closes_over_tls);
	suite_add_tcase(suite, one);
	suite_add_tcase(suite, hurry);
	return suite;
}
