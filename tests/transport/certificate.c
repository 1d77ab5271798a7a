/* SPDX-License-Identifier: MIT */
/* See certificate.h. */
#include "certificate.h"

#include <check.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <unistd.h>

char certificate_file[64], certificate_key[64];

/* A key on P-256 and a certificate that it signs itself. */
void certificate_make(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	FILE *file;

	snprintf(certificate_file, sizeof(certificate_file), "/tmp/msgc-tls-%d-cert.pem",
	        (int)getpid());
	snprintf(certificate_key, sizeof(certificate_key), "/tmp/msgc-tls-%d-key.pem",
	        (int)getpid());
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(
	        name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	ck_assert_int_gt(X509_sign(cert, key, EVP_sha256()), 0);
	file = fopen(certificate_file, "w");
	ck_assert_int_eq(PEM_write_X509(file, cert), 1);
	fclose(file);
	file = fopen(certificate_key, "w");
	ck_assert_int_eq(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(file);
	X509_free(cert);
	EVP_PKEY_free(key);
}

void certificate_remove(void)
{
	unlink(certificate_file);
	unlink(certificate_key);
}
