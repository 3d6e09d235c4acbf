// SPDX-License-Identifier: GPL-2.0
/*
 * IPv6 flow labels: what the socket option and /proc/net/ip6_flowlabel do, and
 * whether a label is collected whose last user is a sender.
 *
 * The sender holds the label for as long as we want: its data is in a page that
 * userfaultfd fills after the socket has put the label.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/in6.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef IPV6_FLOWLABEL_MGR
#define IPV6_FLOWLABEL_MGR	32
#define IPV6_FLOWINFO_SEND	33
#endif

struct sin6 {
	unsigned short family, port;
	unsigned int flow;
	unsigned char addr[16];
	unsigned int scope;
};

static int sender_fd;
static unsigned int sender_label;
static void *sender_page;

static int mgr(int fd, unsigned int label, int action, int flags, int share)
{
	struct in6_flowlabel_req r = {
		.flr_action = action, .flr_label = htonl(label),
		.flr_flags = flags, .flr_share = share,
		.flr_linger = 1, .flr_expires = 1,
	};

	r.flr_dst.s6_addr[15] = 1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, &r, sizeof(r)) ?
	       errno : 0;
}

/* The columns of a label that do not depend on time, or "none" */
static void show(unsigned int label)
{
	char line[200], pat[16];
	FILE *f = fopen("/proc/net/ip6_flowlabel", "r");
	int users = -1, share = 0, linger = 0, n = 0;
	unsigned int l;

	snprintf(pat, sizeof(pat), "%05X", label);
	while (f && fgets(line, sizeof(line), f)) {
		n++;
		if (!strncmp(line, pat, 5))
			sscanf(line, "%X %d %*d %d %d", &l, &share, &users, &linger);
	}
	if (f)
		fclose(f);
	if (users < 0)
		printf("  %05X: none\n", label);
	else
		printf("  %05X: share %d users %d linger %d\n", label, share, users, linger);
}

static int new_socket(void)
{
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), one = 1;

	setsockopt(fd, IPPROTO_IPV6, IPV6_FLOWINFO_SEND, &one, sizeof(one));
	return fd;
}

static int send_with(int fd, unsigned int label, void *buf)
{
	struct sin6 d = {
		.family = AF_INET6, .port = htons(9), .flow = htonl(label),
		.addr = { [15] = 1 },
	};

	return sendto(fd, buf, 8, 0, (void *)&d, sizeof(d)) == 8 ? 0 : errno;
}

static void *sender(void *arg)
{
	*(int *)arg = send_with(sender_fd, sender_label, sender_page);
	return NULL;
}

static void socket_option(void)
{
	int a = new_socket(), b = new_socket();
	char buf[8] = "";

	printf("get without create: %d\n", mgr(a, 0x10, IPV6_FL_A_GET, 0, IPV6_FL_S_EXCL));
	printf("create: %d\n", mgr(a, 0x10, IPV6_FL_A_GET, IPV6_FL_F_CREATE, IPV6_FL_S_EXCL));
	show(0x10);
	printf("again, exclusive: %d\n", mgr(a, 0x10, IPV6_FL_A_GET, IPV6_FL_F_CREATE | IPV6_FL_F_EXCL, IPV6_FL_S_EXCL));
	printf("by another socket: %d\n", mgr(b, 0x10, IPV6_FL_A_GET, IPV6_FL_F_CREATE, IPV6_FL_S_EXCL));
	printf("create shared: %d\n", mgr(a, 0x11, IPV6_FL_A_GET, IPV6_FL_F_CREATE, IPV6_FL_S_PROCESS));
	printf("join: %d\n", mgr(b, 0x11, IPV6_FL_A_GET, 0, IPV6_FL_S_PROCESS));
	printf("join with another share: %d\n", mgr(b, 0x11, IPV6_FL_A_GET, 0, IPV6_FL_S_ANY));
	show(0x11);
	printf("send with own label: %d\n", send_with(a, 0x10, buf));
	printf("send with a label of another socket: %d\n", send_with(b, 0x10, buf));
	printf("renew: %d\n", mgr(a, 0x10, IPV6_FL_A_RENEW, 0, 0));
	printf("renew what another socket has: %d\n", mgr(b, 0x10, IPV6_FL_A_RENEW, 0, IPV6_FL_S_ANY));
	printf("random: %d\n", mgr(a, 0, IPV6_FL_A_GET, IPV6_FL_F_CREATE, IPV6_FL_S_ANY));
	printf("put: %d\n", mgr(a, 0x10, IPV6_FL_A_PUT, 0, 0));
	printf("put again: %d\n", mgr(a, 0x10, IPV6_FL_A_PUT, 0, 0));
	show(0x10);
	printf("take lingering label: %d\n", mgr(b, 0x10, IPV6_FL_A_GET, 0, IPV6_FL_S_EXCL));
	printf("renew lingering label: %d\n", mgr(b, 0x10, IPV6_FL_A_RENEW, 0, IPV6_FL_S_NONE));
	printf("create lingering label: %d\n", mgr(b, 0x10, IPV6_FL_A_GET, IPV6_FL_F_CREATE | IPV6_FL_F_EXCL, IPV6_FL_S_EXCL));
	close(b);
	sleep(1);	/* sockets are freed after a grace period */
	show(0x11);
	close(a);
	sleep(1);
	show(0x11);
	sleep(9);
	printf("after the linger time:\n");
	show(0x10);
	show(0x11);
}

/* Labels lingering when memory is short, and those of a namespace that goes */
static void reclaim(void)
{
	int a = new_socket(), i, err = 0;
	FILE *f;

	for (i = 0; i < 20; i++)
		err += mgr(a, 0x100 + i, IPV6_FL_A_GET, IPV6_FL_F_CREATE, IPV6_FL_S_ANY);
	close(a);
	sleep(1);
	for (i = 0; i < 3; i++) {
		f = fopen("/proc/sys/vm/drop_caches", "w");
		fputs("2\n", f);
		fclose(f);
	}
	printf("20 labels, errors %d, after drop_caches:\n", err);
	show(0x100);
	show(0x113);
	if (!fork()) {
		if (unshare(CLONE_NEWNET))
			exit(1);
		a = new_socket();
		for (i = 0; i < 20; i++)
			err += mgr(a, 0x100 + i, IPV6_FL_A_GET, IPV6_FL_F_CREATE, IPV6_FL_S_ANY);
		printf("20 labels of another namespace: errors %d\n", err);
		exit(0);
	}
}

static void last_user_is_a_sender(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg;
	struct uffdio_zeropage zero;
	struct uffd_msg msg;
	pthread_t t;
	int uffd, err = -1;

	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	sender_page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.range.start = (unsigned long)sender_page;
	reg.range.len = 4096;
	reg.mode = UFFDIO_REGISTER_MODE_MISSING;
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) ||
	    ioctl(uffd, UFFDIO_REGISTER, &reg)) {
		printf("no userfaultfd: %s\n", strerror(errno));
		return;
	}
	sender_fd = new_socket();
	sender_label = 0x200;
	printf("create: %d\n", mgr(sender_fd, 0x200, IPV6_FL_A_GET, IPV6_FL_F_CREATE, IPV6_FL_S_EXCL));
	pthread_create(&t, NULL, sender, &err);
	if (read(uffd, &msg, sizeof(msg)) != sizeof(msg))	/* it waits for the page */
		perror("uffd");
	show(0x200);
	printf("put: %d\n", mgr(sender_fd, 0x200, IPV6_FL_A_PUT, 0, 0));
	show(0x200);
	zero.range = reg.range;
	zero.mode = 0;
	if (ioctl(uffd, UFFDIO_ZEROPAGE, &zero))
		perror("UFFDIO_ZEROPAGE");
	pthread_join(t, NULL);
	printf("sent: %d\n", err);
	show(0x200);
	close(sender_fd);
	sleep(16);
	printf("after twice the linger time:\n");
	show(0x200);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	socket_option();
	reclaim();
	sleep(9);
	last_user_is_a_sender();
	return 0;
}
