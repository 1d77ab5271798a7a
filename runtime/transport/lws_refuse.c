/* SPDX-License-Identifier: MIT */
/*
 * The beginning of every response, and the short ones that the transport gives by itself. It must not know why something is refused.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lws_internal.h"

static const struct {
	int status;
	const char *text;
} texts[] = {
        {100, "Continue"},
        {101, "Switching Protocols"},
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
};

const char *msgc__lws_status_text(int status)
{
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Other";
}

/* RFC 9110 section 5.6.7; strftime would follow the locale. */
static const char *date_text(struct msgc__lws_loop *loop)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm tm;

	if (now != loop->date_at && gmtime_r(&now, &tm)) {
		loop->date_at = now;
		snprintf(loop->date, sizeof(loop->date), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
		        days + 3 * tm.tm_wday, tm.tm_mday % 100, months + 3 * tm.tm_mon,
		        (tm.tm_year + 1900) % 10000, tm.tm_hour % 100, tm.tm_min % 100,
		        tm.tm_sec % 100);
	}
	return loop->date;
}

size_t msgc__lws_response_start(
        struct msgc__lws_loop *loop, char *out, size_t size, int status, bool keep)
{
	int len = snprintf(out, size, "HTTP/1.1 %d %s\r\nDate: %s\r\n%s", status,
	        msgc__lws_status_text(status), date_text(loop),
	        keep ? "" : "Connection: close\r\n");

	return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

int msgc__lws_refuse(
        struct msgc__lws_sock *sock, const struct msgc__lws_refusal *refusal, bool head_only)
{
	char text[1024], retry[48] = "";
	const char *detail =
	        refusal->detail ? refusal->detail : msgc__lws_status_text(refusal->status);
	size_t len =
	        msgc__lws_response_start(sock->loop, text, sizeof(text), refusal->status, false);
	int more;

	if (refusal->retry_after > 0)
		snprintf(retry, sizeof(retry), "Retry-After: %d\r\n", refusal->retry_after);
	more = snprintf(text + len, sizeof(text) - len,
	        "%s%sContent-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n\r\n%s%s",
	        refusal->header ? refusal->header : "", retry, strlen(detail) + 1,
	        head_only ? "" : detail, head_only ? "" : "\n");
	if (more < 0 || (size_t)more >= sizeof(text) - len)
		return -1;
	sock->served = true;
	return lws_write(sock->wsi, (unsigned char *)text, len + (size_t)more, LWS_WRITE_RAW);
}
