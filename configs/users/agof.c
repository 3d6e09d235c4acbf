// SPDX-License-Identifier: GPL-2.0
/* agof AGBYTES FILE...: the allocation groups of each file */
#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned long long agbytes = strtoull(argv[1], NULL, 0);
	struct fiemap *m = calloc(1, sizeof(*m) + 64 * sizeof(m->fm_extents[0]));
	unsigned int i, last;
	int f, fd;

	for (f = 2; f < argc; f++) {
		m->fm_start = 0;
		m->fm_length = ~0ULL;
		m->fm_flags = FIEMAP_FLAG_SYNC;
		m->fm_extent_count = 64;
		fd = open(argv[f], O_RDONLY);
		if (fd < 0 || ioctl(fd, FS_IOC_FIEMAP, m)) {
			perror(argv[f]);
			return 1;
		}
		close(fd);
		for (i = 0, last = -1; i < m->fm_mapped_extents; i++) {
			unsigned int ag = m->fm_extents[i].fe_physical / agbytes;

			if (ag != last)
				printf("%u ", ag);
			last = ag;
		}
	}
	printf("\n");
	return 0;
}
