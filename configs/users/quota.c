// SPDX-License-Identifier: GPL-2.0
/* Quotas of gfs2, see gfs2.sh */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/quota.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif

static const char *dir;
static volatile int stop;
static long errors;

static int quota(int cmd, int id, void *arg)
{
	int fd = open(dir, O_RDONLY), ret;

	ret = syscall(SYS_quotactl_fd, fd, QCMD(cmd, USRQUOTA), id, arg);
	close(fd);
	return ret ? errno : 0;
}

static void make(const char *prefix, int first, int nr)
{
	char path[300], buf[4096] = "x";
	int i, k, fd;

	for (i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), "%s/%s%d", dir, prefix, i);
		fd = open(path, O_CREAT | O_WRONLY, 0666);
		if (fd < 0 || fchown(fd, first + i, first + i))
			errors++;
		for (k = 0; k <= i % 4; k++)
			errors += write(fd, buf, sizeof(buf)) != sizeof(buf);
		close(fd);
	}
	printf("%d files %s, errors %ld\n", nr, prefix, errors);
}

static void *worker(void *arg)
{
	unsigned int seed = (long)arg;
	char path[300], buf[9000] = "x";
	struct fs_disk_quota d;
	int r, fd, err;

	while (!stop) {
		r = rand_r(&seed);
		err = 0;
		snprintf(path, sizeof(path), "%s/s%ld_%d", dir, (long)arg, r / 256 % 40);
		switch (r / 65536 % 4) {
		case 0:
			fd = open(path, O_CREAT | O_WRONLY, 0666);
			if (fd < 0 || write(fd, buf, sizeof(buf)) < 0)
				err = errno;
			close(fd);
			break;
		case 1:
			if (chown(path, 5000 + r % 200, 5000 + r % 200))
				err = errno;
			break;
		case 2:
			if (unlink(path))
				err = errno;
			break;
		case 3:
			err = quota(Q_XGETQUOTA, 5000 + r % 200, &d);
			if (r % 50 == 0)
				err = quota(Q_SYNC, 0, NULL);
			break;
		}
		if (err && err != ENOENT)
			__sync_fetch_and_add(&errors, 1);
	}
	return NULL;
}

static void *dropper(void *arg)
{
	int fd;

	while (!stop) {
		fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
		if (write(fd, "2", 1) < 0)
			perror("drop_caches");
		close(fd);
		usleep(50000);
	}
	return NULL;
}

static void stress(int seconds)
{
	pthread_t t[4];
	long i;

	for (i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, worker, (void *)i);
	pthread_create(&t[3], NULL, dropper, NULL);
	sleep(seconds);
	stop = 1;
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	printf("stress: errors %ld\n", errors);
}

/* quota CMD DIR ... */
int main(int argc, char **argv)
{
	int a = argc > 3 ? atoi(argv[3]) : 0, b = argc > 4 ? atoi(argv[4]) : 0;
	struct fs_disk_quota d = { .d_version = FS_DQUOT_VERSION };
	char path[300], buf[4096] = "x";
	int i, fd;

	dir = argv[2];
	if (!strcmp(argv[1], "make")) {
		make(argv[5], a, b);
	} else if (!strcmp(argv[1], "get")) {
		for (i = a; i < a + b; i++) {
			int err = quota(Q_XGETQUOTA, i, &d);

			printf("uid %d: error %d blocks %llu hard %llu\n", i, err,
			       (unsigned long long)d.d_bcount,
			       (unsigned long long)d.d_blk_hardlimit);
		}
	} else if (!strcmp(argv[1], "sync")) {
		printf("sync: %d\n", quota(Q_SYNC, 0, NULL));
	} else if (!strcmp(argv[1], "limit")) {
		d.d_fieldmask = FS_DQ_BHARD;
		d.d_flags = FS_USER_QUOTA;
		d.d_id = a;
		d.d_blk_hardlimit = b * 2;
		printf("limit %d: %d\n", a, quota(Q_XSETQLIM, a, &d));
	} else if (!strcmp(argv[1], "write")) {
		chmod(dir, 0777);
		if (setresgid(a, a, a) || setresuid(a, a, a))
			perror("setuid");
		snprintf(path, sizeof(path), "%s/w%d", dir, a);
		fd = open(path, O_CREAT | O_WRONLY, 0666);
		for (i = 0; i < 100; i++)
			if (write(fd, buf, sizeof(buf)) != sizeof(buf))
				break;
		printf("uid %d wrote %d blocks: %s\n", a, i,
		       i < 100 ? strerror(errno) : "no limit");
	} else if (!strcmp(argv[1], "stress")) {
		stress(a);
	}
	return 0;
}
