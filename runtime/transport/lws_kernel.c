/* SPDX-License-Identifier: MIT */
/* See lws_kernel.h. */
#include "lws_kernel.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

uint64_t msgc__lws_bytes_read(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	int waiting = 0;

	memset(&info, 0, sizeof(info));
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) || ioctl(fd, FIONREAD, &waiting) ||
	        waiting < 0)
		return 0;
	return (uint64_t)info.tcpi_bytes_received - (unsigned)waiting;
}

uint64_t msgc__lws_bytes_read_or_more(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	int waiting = 0;

	memset(&info, 0, sizeof(info));
	if (ioctl(fd, FIONREAD, &waiting) || waiting < 0 ||
	        getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return UINT64_MAX;
	return (uint64_t)info.tcpi_bytes_received - (unsigned)waiting;
}
