// SPDX-License-Identifier: GPL-2.0
/* dmzfmt DEV ZONES ZONE_BLOCKS: what dmzadm --format does. Prints the sectors of the target. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK	4096
#define RESERVED 4

struct super {
	uint32_t magic, version;
	uint64_t gen, sb_block;
	uint32_t nr_meta_blocks, nr_reserved_seq, nr_chunks, nr_map_blocks;
	uint32_t nr_bitmap_blocks, crc;
	uint8_t label[32], uuid[16], dev_uuid[16];
} __attribute__((packed));

static uint32_t crc32_le(uint32_t crc, const uint8_t *p, size_t len)
{
	int i;

	while (len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

static void put(int fd, const void *block, uint64_t no)
{
	if (pwrite(fd, block, BLOCK, no * BLOCK) != BLOCK) {
		perror("write");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	unsigned int zones = atoi(argv[2]), zb = atoi(argv[3]), set, i;
	unsigned int per_zone = zb / 8 / BLOCK ?: 1, bitmap = zones * per_zone;
	unsigned int meta_zones = 0, chunks, map, meta;
	int fd = open(argv[1], O_RDWR);
	static union {
		uint8_t block[BLOCK];
		struct super sb;
	} u;

	do {
		meta_zones++;
		chunks = zones - 2 * meta_zones - RESERVED;
		map = (chunks + 511) / 512;
		meta = 1 + map + bitmap;
	} while ((meta + zb - 1) / zb > meta_zones);

	for (set = 0; set < 2; set++) {
		uint64_t base = (uint64_t)set * meta_zones * zb;

		for (i = 1; i < meta; i++) {
			memset(u.block, i <= map ? 0xff : 0, BLOCK);
			put(fd, u.block, base + i);
		}
		memset(u.block, 0, BLOCK);
		u.sb = (struct super) {
			.magic = 'D' << 24 | 'Z' << 16 | 'B' << 8 | 'D',
			.version = 2, .gen = 1, .sb_block = base,
			.nr_meta_blocks = meta, .nr_reserved_seq = RESERVED,
			.nr_chunks = chunks, .nr_map_blocks = map,
			.nr_bitmap_blocks = bitmap, .label = "test",
			.uuid = { 1 }, .dev_uuid = { 2 },
		};
		u.sb.crc = crc32_le(1, u.block, BLOCK);
		put(fd, u.block, base);
	}
	fsync(fd);
	printf("%llu\n", (unsigned long long)chunks * zb * 8);
	return 0;
}
