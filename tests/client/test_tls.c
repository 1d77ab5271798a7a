/* SPDX-License-Identifier: MIT */
/* The client over TLS: a server whose certificate is trusted, one whose is not, and one of another name. */
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "party.h"

static char certificate[64], key[64], certificate_option[96], key_option[96], url[64];

static X509 *make_certificate(EVP_PKEY *pkey, const char *name)
{
	X509 *cert = X509_new();
	X509_NAME *subject;
	X509_EXTENSION *extension;

	ck_assert_ptr_nonnull(cert);
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, pkey);
	subject = X509_get_subject_name(cert);
	X509_NAME_add_entry_by_txt(
	        subject, "CN", MBSTRING_ASC, (const unsigned char *)"stage", -1, -1, 0);
	X509_set_issuer_name(cert, subject);
	extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, name);
	ck_assert_ptr_nonnull(extension);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	ck_assert_int_gt(X509_sign(cert, pkey, EVP_sha256()), 0);
	return cert;
}

static void write_files(const char *name)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	X509 *cert = make_certificate(pkey, name);
	FILE *file = fopen(certificate, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(PEM_write_X509(file, cert), 1);
	fclose(file);
	file = fopen(key, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(PEM_write_PrivateKey(file, pkey, NULL, NULL, 0, NULL, NULL), 1);
	fclose(file);
	X509_free(cert);
	EVP_PKEY_free(pkey);
}

static void begin(const char *name)
{
	const char *arguments[] = {certificate_option, key_option, NULL};

	snprintf(certificate, sizeof(certificate), "/tmp/msgc-tls-%d.pem", (int)getpid());
	snprintf(key, sizeof(key), "/tmp/msgc-tls-%d.key", (int)getpid());
	snprintf(certificate_option, sizeof(certificate_option), "--tls-certificate=%s",
	        certificate);
	snprintf(key_option, sizeof(key_option), "--tls-key=%s", key);
	write_files(name);
	stage_begin(arguments);
	snprintf(url, sizeof(url), "wss://127.0.0.1:%d", stage_port());
}

static void teardown(void)
{
	leave_all();
	unlink(certificate);
	unlink(key);
}

START_TEST(a_trusted_server_is_spoken_to)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options;

	begin("IP:127.0.0.1");
	options = options_for(&ada);
	options.url = url;
	options.ca_file = certificate;
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(is_live(&ada));
	say(&ada, "behind closed doors");
	EVENTUALLY(ada.heard.count == 1);
}
END_TEST

/* Under LeakSanitizer this says that neither's authorities are lost. */
START_TEST(two_clients_trust_each_for_itself)
{
	struct person ada = {.name = "ada"}, bob = {.name = "bob"};
	struct msgc_client_options options;
	const char *room;

	begin("IP:127.0.0.1");
	room = fresh();
	options = options_for(&ada);
	options.url = url;
	options.ca_file = certificate;
	enter_stage(&ada, room, &options);
	EVENTUALLY(is_live(&ada));
	options = options_for(&bob);
	options.url = url;
	options.ca_file = certificate;
	enter_stage(&bob, room, &options);
	EVENTUALLY(is_live(&bob));
	say(&ada, "both of us");
	EVENTUALLY(ada.heard.count == 1 && bob.heard.count == 1);
}
END_TEST

static void is_not_let_in(const char *name, const char *ca_file)
{
	struct person ada = {.name = "ada"};
	struct msgc_client_options options;

	begin(name);
	options = options_for(&ada);
	options.url = url;
	options.ca_file = ca_file;
	options.attempts = 1;
	enter_stage(&ada, fresh(), &options);
	EVENTUALLY(phase_of(&ada) == MSGC_CLIENT_CLOSED);
	ck_assert_ptr_null(strstr(joined(&ada.states), "live"));
	ck_assert_uint_eq(ada.tokens, 2); /* asked for, and not said to anybody */
}

START_TEST(an_unknown_authority_is_not_trusted)
{
	is_not_let_in("IP:127.0.0.1", NULL);
}
END_TEST

START_TEST(a_certificate_of_another_name_is_not_trusted)
{
	is_not_let_in("DNS:elsewhere.example", certificate);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("client: TLS");
	TCase *tests = tcase_create("TLS");

	tcase_add_checked_fixture(tests, NULL, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_trusted_server_is_spoken_to);
	tcase_add_test(tests, two_clients_trust_each_for_itself);
	tcase_add_test(tests, an_unknown_authority_is_not_trusted);
	tcase_add_test(tests, a_certificate_of_another_name_is_not_trusted);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
