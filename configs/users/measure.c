// SPDX-License-Identifier: GPL-2.0
/*
 * Time of an operation, the shortest of five slices:
 *
 *   measure reads FILE STRIDE COUNT N	4 KiB at one of COUNT random places
 *   measure files DIR N		create a file and write 4 KiB to it
 *   measure sends N			8 bytes by UDP with a flow label
 *   measure labels N			create a flow label
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/in6.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IPV6_FLOWLABEL_MGR
#define IPV6_FLOWLABEL_MGR	32
#define IPV6_FLOWINFO_SEND	33
#endif

static struct {
	unsigned short family, port;
	unsigned int flow;
	unsigned char addr[16];
	unsigned int scope;
} dest = { .family = AF_INET6, .addr[15] = 1 };

static char block[4096] __attribute__((aligned(4096)));
static const char *path;
static long stride;
static int fd, places;

static void fail(const char *what)
{
	printf("FAILED: measure: ");
	fflush(stdout);
	perror(what);
	exit(1);
}

static void read_one(int i)
{
	if (pread(fd, block, sizeof(block), random() % places * stride) <= 0)
		fail("pread");
}

static void create_file(int i)
{
	char name[200];
	int f;

	snprintf(name, sizeof(name), "%s/measure%d", path, i);
	f = open(name, O_CREAT | O_WRONLY | O_DIRECT, 0600);
	if (f < 0 || write(f, block, sizeof(block)) != sizeof(block) || close(f))
		fail(name);
}

static void get_label(unsigned int label)
{
	struct in6_flowlabel_req r = {
		.flr_action = IPV6_FL_A_GET, .flr_label = htonl(label),
		.flr_flags = IPV6_FL_F_CREATE, .flr_share = IPV6_FL_S_EXCL,
		.flr_linger = 1, .flr_expires = 1,
		.flr_dst.s6_addr[15] = 1,
	};

	if (setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, &r, sizeof(r)))
		fail("flow label");
}

static void create_label(int i)
{
	get_label(0x1000 + i);
}

static void send_one(int i)
{
	if (sendto(fd, block, 8, 0, (void *)&dest, sizeof(dest)) != 8)
		fail("sendto");
}

static void measure(const char *name, int n, void (*fn)(int i))
{
	long ns, best = 0;
	struct timespec t0, t1;
	int i, slice;

	for (slice = 0; slice < 5; slice++) {
		clock_gettime(CLOCK_MONOTONIC, &t0);
		for (i = 0; i < n / 5; i++)
			fn(slice * (n / 5) + i);
		clock_gettime(CLOCK_MONOTONIC, &t1);
		ns = (t1.tv_sec - t0.tv_sec) * 1000000000L +
		     t1.tv_nsec - t0.tv_nsec;
		if (!best || ns < best)
			best = ns;
	}
	printf("M: %s: %ld ns\n", name, best / (n / 5));
}

int main(int argc, char **argv)
{
	int one = 1;

	if (argc == 6 && !strcmp(argv[1], "reads")) {
		fd = open(argv[2], O_RDONLY | O_DIRECT);
		if (fd < 0)
			fail(argv[2]);
		stride = atol(argv[3]);
		places = atoi(argv[4]);
		measure("reads", atoi(argv[5]), read_one);
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "files")) {
		path = argv[2];
		measure("files", atoi(argv[3]), create_file);
		return 0;
	}
	if (argc != 3)
		return 2;
	fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWINFO_SEND, &one,
				 sizeof(one)))
		fail("socket");
	if (!strcmp(argv[1], "sends")) {
		get_label(0x999);
		dest.flow = htonl(0x999);
		dest.port = htons(9);
		measure("sends", atoi(argv[2]), send_one);
	} else if (!strcmp(argv[1], "labels")) {
		measure("labels", atoi(argv[2]), create_label);
	} else {
		return 2;
	}
	return 0;
}
