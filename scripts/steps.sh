# shellcheck shell=bash
# The steps of scripts/check, one function for each. This file is sourced, never run.
# shellcheck disable=SC2154 # variables of lib.sh and of check
set -euo pipefail

fail() { echo "$*"; exit 1; }
# ours [PATTERN]: the files that the stack adds
ours() { git -C "$tree" diff --name-only --diff-filter=A objcache-base objcache | grep -E "${1:-.}"; }

step_prepare() {
	# optional, but makes every run after the first one fast
	[ "${OBJCACHE_INSTALL:-0}" != 1 ] || need ccache:ccache
	"$top/scripts/tree" prepare
}

# ---- patches/ ----

# temporary: a folder $work that is removed when the step ends
temporary() {
	work=$(mktemp -d "$build/check.XXXXXX")
	trap 'rm -rf "$work"' EXIT
}
# scratch: the base in a clone in $work, which becomes the current folder
scratch() {
	[ -n "$(postings)" ] || fail "patches/ has no posting"
	temporary
	clone_base "$work/linux"
	cd "$work/linux"
}
# same BRANCH HOW: HEAD has the same tree as a branch of the developers' tree
same() {
	[ "$(git rev-parse 'HEAD^{tree}')" = "$(git rev-parse "origin/$1^{tree}")" ] && return
	git diff --stat "origin/$1" HEAD
	fail "$2 gave another tree than branch $1 (run scripts/tree refresh or prepare)"
}

step_apply-am() {
	need git:git
	scratch
	git am -q --empty=drop "$top"/patches/*/*.patch || fail "git am failed"
	same objcache "git am"
}

step_apply-postings() {
	local name parts
	need git:git
	scratch
	for name in $(postings); do
		git checkout -q -B alone objcache-base
		mapfile -t parts < <(depends_on "$name")
		patches_of "${parts[@]}" "$name" | xargs git am -q || fail "$name does not apply to: base ${parts[*]}"
		echo "$name applies to: base ${parts[*]}"
	done
}

step_apply-b4() {
	local name below=objcache-base
	need git:git b4:b4
	scratch
	# b4 0.12 with current Python stops at a folded subject: "Header values may not contain linefeed"
	find "$top/patches" -mindepth 2 -name '*.patch' -exec \
		awk '/^$/ { nextfile } was && /^ / { print FILENAME } { was = /^Subject:/ }' {} + >"$work/folded"
	[ ! -s "$work/folded" ] || fail "subject so long that git folds it and b4 0.12 stops: $(sed 's,.*/,,' "$work/folded" | paste -sd ' ')"
	# not with the caller's settings and caches
	mkdir -p "$work/home" "$work/out"
	export HOME=$work/home XDG_CACHE_HOME=$work/home/.cache XDG_CONFIG_HOME=$work/home/.config
	for name in $(postings); do
		rm -f "$work"/out/*
		cat "$top/patches/$name"/*.patch >"$work/mbox"
		git checkout -q "$below"
		timeout 300 b4 --offline-mode am -m "$work/mbox" -o "$work/out" || fail "b4 am failed on $name"
		git am -q "$work"/out/*.mbx || fail "git am of b4's mailbox failed on $name"
		same "$name" "b4 am"
		git checkout -q "$below"
		timeout 300 b4 --offline-mode shazam -m "$work/mbox" || fail "b4 shazam failed on $name"
		same "$name" "b4 shazam"
		below=origin/$name
	done
}

# copies DIR: the submitter's copy of each posting
copies() {
	local name
	for name in $(postings); do
		"$top/scripts/submit" --name "Test Only" --email test@objcache.invalid "$name" "$1/$name" ||
			fail "scripts/submit failed on $name"
	done
}

step_submit() {
	local patch
	temporary
	copies "$work"
	for patch in "$work"/*/*.patch; do
		grep -q "^From: Test Only <test@objcache.invalid>" "$patch" || fail "${patch##*/} is by another author"
		! grep -F "$author_email" "$patch" || fail "${patch##*/} names the placeholder"
		case $patch in *cover-letter*) continue ;; esac
		[ "$(sed '/^---$/q' "$patch" | tail -n 3 | paste -sd '|')" = \
			'Assisted-by: LLM|Signed-off-by: Test Only <test@objcache.invalid>|---' ] ||
			fail "${patch##*/} has other last trailers"
	done
	grep -qx "+M:	Test Only <test@objcache.invalid>" "$work"/*/*.patch || fail "MAINTAINERS gets no M: line"
}

# hostile_home DIR: a home folder with configs/hostile.gitconfig, attributes, and hooks that fail
hostile_home() {
	local home=$1 hook
	mkdir -p "$home"/{hooks,template/hooks,.config/git}
	for hook in applypatch-msg pre-applypatch pre-commit commit-msg post-checkout post-commit reference-transaction; do
		printf '#!/bin/sh\nexit 1\n' | tee "$home/hooks/$hook" >"$home/template/hooks/$hook"
		chmod +x "$home/hooks/$hook" "$home/template/hooks/$hook"
	done
	echo '*.c binary' | tee "$home/attributes" >"$home/.config/git/attributes"
	echo '*.h' >"$home/order"
	sed "s,HOME/,$home/,; /^#/d" "$top/configs/hostile.gitconfig" >"$home/.gitconfig"
}

step_git-config() {
	local name run submit=(--name "Test Only" --email test@objcache.invalid)
	need git:git
	temporary
	hostile_home "$work/home"
	# a copy of this repository to write to, and a base of as few files as the scripts need
	mkdir -p "$work/repository" "$work/base"/{Documentation,arch,drivers,fs,include,init,ipc,kernel,lib,mm}
	cp -r "$top"/{scripts,configs,patches} "$work/repository/"
	git -C "$work/repository" init -q
	mapfile -t run < <(git -C "$tree" diff --name-only --diff-filter=M objcache-base objcache)
	git -C "$tree" archive objcache-base LICENSES COPYING CREDITS Kbuild MAINTAINERS Makefile README scripts "${run[@]}" |
		tar -xf - -C "$work/base"
	name=$(postings | head -n 1)
	export OBJCACHE_BUILD=$work/build OBJCACHE_TREE=$work/tree
	run=(env -u GIT_CONFIG_GLOBAL -u GIT_CONFIG_NOSYSTEM -u GIT_CONFIG_COUNT -u GIT_TEMPLATE_DIR
		HOME="$work/home" XDG_CONFIG_HOME="$work/home/.config" GIT_AUTHOR_NAME=Hostile GIT_DIFF_OPTS=-U1
		GIT_COMMITTER_EMAIL=hostile@example.net)
	cd "$work/repository"
	"${run[@]}" scripts/tree prepare --base "$work/base" || fail "prepare failed"
	# the configuration of the tree counts as the caller's, too
	cat "$work/home/.gitconfig" >>"$work/tree/.git/config"
	"${run[@]}" scripts/tree refresh || fail "refresh failed"
	diff -r -I '^base-commit: ' "$top/patches" patches || fail "refresh changed patches/"
	"${run[@]}" scripts/submit "${submit[@]}" "$name" "$work/hostile/out" || fail "submit failed"
	scripts/submit "${submit[@]}" "$name" "$work/plain/out"
	# commits differ in their date, and so do identifiers that git derives from them
	sed -i -E '1d; s/^(Message-I[Dd]|In-Reply-To|References|Date): .*/\1/' "$work"/*/out/*
	diff -r "$work/plain" "$work/hostile" || fail "submit wrote other patches"
}

step_checkpatch() {
	local bad=0 patch
	need perl:perl git:git python3:python3 /usr/lib/python3/dist-packages/ply:python3-ply \
		/usr/lib/python3/dist-packages/git:python3-git
	cd "$tree"
	while read -r patch; do
		# the submitter signs off, see scripts/submit
		checkpatch --no-signoff "$patch" || bad=$((bad + 1))
	done < <(patches_of "")
	[ $bad = 0 ] || fail "checkpatch complains about $bad of the patches"
}

# b4 prep with the prerequisites of each posting, and the mails that b4 would send. "b4 prep
# --check" is newer than Debian 12's b4: trixie's is unpacked, not installed.
step_b4-check() {
	local root=$cache/b4-0.14 name below posting
	need git:git perl:perl b4:b4 git-filter-repo:git-filter-repo python3:python3 dpkg:dpkg
	unpack_debs "$root" trixie b4 python3-patatt
	temporary
	copies "$work"
	git clone -q --shared "$tree" "$work/linux" -b objcache
	cd "$work/linux"
	mkdir "$work/home"
	export HOME=$work/home XDG_CACHE_HOME=$work/home XDG_CONFIG_HOME=$work/home XDG_DATA_HOME=$work/home
	export PYTHONPATH=$root/usr/lib/python3/dist-packages PATH=$root/usr/bin:$PATH GIT_CONFIG_GLOBAL=$work/home/gitconfig
	git config --global user.name "Test Only"
	git config --global user.email test@objcache.invalid
	git config --global sendemail.smtpserver localhost
	# the message types that lib.sh's checkpatch() ignores
	git config --global b4.prep-perpatch-check-cmd "./scripts/checkpatch.pl -q --no-summary --terse --strict --showfile --ignore $checkpatch_ignore,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT"
	b4() { timeout 300 /usr/bin/python3 "$root/usr/bin/b4" --no-interactive "$@" 2>&1; }
	for posting in $(postings); do
		git checkout -q --detach objcache-base
		for name in $(depends_on "$posting"); do git am -q --empty=drop "$work/$name"/*.patch; done
		below=$(git rev-parse HEAD)
		git checkout -q -b "mails/$posting"
		git am -q --empty=drop "$work/$posting"/*.patch
		b4 prep --enroll "$below" || fail "b4 prep --enroll failed on $posting"
		b4_text "$posting" >"$work/cover"
		EDITOR="cp $work/cover" b4 prep --edit-cover || fail "b4 prep --edit-cover failed on $posting"
		{
			echo "base-commit: $(git rev-parse objcache-base)"
			sed -n 's/^prerequisite-patch-id: /patch-id: /p' "$work/$posting/"*0000-cover-letter.patch
		} >"$work/deps"
		EDITOR="cp $work/deps" b4 prep --edit-deps || fail "b4 prep --edit-deps failed on $posting"
		b4 prep --check | tee "$work/checked" || fail "b4 prep --check failed on $posting"
		grep -q "^Success: $(patches_of "$posting" | wc -l), Warning: 0, Error: 0" "$work/checked" ||
			fail "b4 prep --check on $posting: $(tail -n 1 "$work/checked")"
		b4 prep --auto-to-cc || fail "b4 prep --auto-to-cc failed on $posting"
		rm -rf "$work/mails"
		b4 send --no-sign -o "$work/mails" || fail "b4 send failed on $posting"
		# of a single patch, b4 makes one mail that has the cover letter in it
		name=$(patches_of "$posting" | wc -l)
		[ "$(find "$work/mails" -name '*.eml' | wc -l)" = $((name > 1 ? name + 1 : 1)) ] ||
			fail "b4 wrote another number of mails for $posting"
		name=$(find "$work/mails" -name '*.eml' | sort | head -n 1)
		grep -hE -A40 '^(To|Cc):' "$name" | sed '/^$/q'
		diff <(sed -n 's/^patch-id: //p' "$work/deps" | sort) <(sed -n 's/^prerequisite-patch-id: //p' "$name" | sort) ||
			fail "b4's mail names other prerequisites for $posting"
	done
}
# b4_text POSTING: the cover letter as b4 wants it, with the recipients as trailers
b4_text() {
	local header
	cover_text "$(cover_of "$1")"
	echo
	for header in To Cc; do recipients $header "$(cover_of "$1")" | sed "s/^/$header: /"; done
}

step_other-release() {
	local package=linux-source-7.2 deb=$cache/linux-source-7.2 patch conflicts="" all=0
	need git:git xz:xz-utils
	temporary
	unpack_debs "$deb" sid $package
	basename "$deb"/debs/*.deb
	# the files that exist there and that the stack changes
	mkdir "$work/$package"
	git -C "$tree" diff --name-only --diff-filter=M objcache-base objcache | sed "s,^,$package/," >"$work/touched"
	tar -xJf "$deb/usr/src/$package.tar.xz" -C "$work" -T "$work/touched" 2>/dev/null || true
	cd "$work/$package"
	git init -q .
	git config user.name "$author_name"
	git config user.email "$author_email"
	git add -A && git commit -q -m base
	while read -r patch; do
		all=$((all + 1))
		! git am -q "$patch" >/dev/null 2>&1 || continue
		git am --abort
		git apply --reject -q "$patch" 2>/dev/null || true
		conflicts+="${patch#"$top/patches/"}: $(find . -name '*.rej' -printf '%P ')"$'\n'
		find . -name '*.rej' -delete
		git add -A && git commit -q --allow-empty -m "in part"
	done < <(patches_of "")
	echo "$(grep -c . <<<"$conflicts" || true) of $all patches conflict"$'\n'"$conflicts"
}

# ---- source ----

step_shellcheck() {
	local file bad=0
	need shellcheck:shellcheck python3:python3
	cd "$top"
	for file in scripts/* kunit/* configs/* .ci/*; do
		[ -f "$file" ] || continue
		case $file-$(head -n 2 "$file" | paste -sd ' ') in
		*"#!"*bash*|*"shellcheck shell="*) shellcheck "$file" || bad=1 ;;
		*"#!"*python3*|*.py-*) python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$file" || bad=1 ;;
		*) continue ;;
		esac
		echo "checked $file"
	done
	[ $bad = 0 ] || fail "shellcheck or python3 complains"
}

step_kernel-doc() {
	local tool=scripts/kernel-doc files out
	need python3:python3
	cd "$tree"
	[ ! -e tools/docs/kernel-doc ] || tool=tools/docs/kernel-doc
	mapfile -t files < <(ours '\.[ch]$')
	out=$(python3 "$tool" -none -Wall "${files[@]}" 2>&1) || { echo "$out"; fail "kernel-doc failed"; }
	out=$(sort -u <<<"$out")
	[ -z "$out" ] || { echo "$out"; fail "kernel-doc warns, $(wc -l <<<"$out") lines"; }
	# a header without kernel-doc would not warn either
	for out in $(ours '^include/linux/'); do
		[ -n "$(python3 "$tool" -rst "$out")" ] || fail "no kernel-doc in $out"
	done
}

step_maintainers() {
	local file entry found sections bad=""
	need perl:perl
	cd "$tree"
	entry=$(awk '/^OBJCACHE$/ { on = 1 } /^$/ { on = 0 } on' MAINTAINERS)
	[ -n "$entry" ] || fail "MAINTAINERS has no entry OBJCACHE"
	diff <(echo "$entry") "$top/MAINTAINERS-snippet" || fail "MAINTAINERS-snippet is not the entry in MAINTAINERS"
	for file in $(ours objcache); do
		found=$(scripts/get_maintainer.pl --no-git --no-git-fallback -f "$file")
		echo "$file: $found"
		sections=$(scripts/get_maintainer.pl --sections --no-git --no-git-fallback -f "$file")
		if ! grep -q "Vlastimil Babka" <<<"$found" || ! grep -qx OBJCACHE <<<"$sections"; then
			bad="$bad $file"
		fi
	done
	[ -z "$bad" ] || fail "get_maintainer.pl finds no slab maintainer, or no entry OBJCACHE, for:$bad"
}

step_fragments() {
	local fragment arch
	for fragment in "$top"/configs/*.config; do
		arch=$(basename "$fragment" .config)
		need_cross "$arch"
		fragment_config "$arch" "$build/check-config-$arch"
	done
}

step_coccinelle() {
	local files rule found=""
	need spatch:coccinelle
	mapfile -t files < <(ours '\.c$')
	cd "$tree"
	# the rules for functions that we call; most others look for those of drivers
	for rule in scripts/coccinelle/{null/{deref_null,eno,kmerr},locks/{mini_lock,double_lock,call_kern,flags},free/{kfree,kfreeaddr},iterators/{itnull,list_entry_update,use_after_iter},misc/{doubleinit,ifcol,semicolon,returnvar,minmax,flexible_array},api/{alloc/alloc_cast,err_cast,resource_size,memdup},tests/{doublebitand,doubletest,odd_ptr_err}}.cocci; do
		echo "== $rule"
		found+=$(timeout 300 spatch --very-quiet -D report --no-show-diff --cocci-file "$rule" \
			--include-headers -I include -I arch/x86/include "${files[@]}") || fail "spatch failed on $rule"
	done
	[ -z "$found" ] || { echo "$found"; fail "coccinelle found: $(head -n 1 <<<"$found")"; }
}

step_codespell() {
	local files found
	need codespell:codespell
	cd "$tree"
	mapfile -t files < <(ours; find "$top"/{Documentation,README.md,scripts,kunit,configs} -type f; find "$top/patches" -name '*.patch')
	# "alph" is what a test takes for the beginning of "alpha"
	found=$(codespell -L alph,hel "${files[@]}") || { echo "$found"; fail "codespell: $(head -n 1 <<<"$found")"; }
}

step_htmldocs() {
	local dir=$build/htmldocs log=$build/htmldocs/make.log
	need sphinx-build:python3-sphinx make:make /usr/lib/python3/dist-packages/yaml:python3-yaml
	mkdir -p "$dir"
	cd "$tree"
	make O="$dir" SPHINXDIRS=core-api htmldocs 2>&1 | tee "$log" || fail "make htmldocs failed"
	[ -n "$(find "$dir" -path '*core-api*' -name objcache.html)" ] || fail "no objcache.html was written"
	! grep -iE 'objcache.*(warning|error)|(warning|error).*objcache' "$log" || fail "a warning of ours"
}

# verdict FILE.litmus: Always, Sometimes or Never, from herd7 with the kernel's memory model.
# herd7 is Debian's, of suite sid, with the C library that it needs.
verdict() {
	local herd=$cache/herd7 lib
	unpack_debs "$herd" sid herdtools7 libc6 libgmp10 >&2
	lib=$(dirname "$(find "$herd/usr/lib" -name 'ld-linux-*.so.*' | head -n 1)")
	(cd "$tree/tools/memory-model" && "$(echo "$lib"/ld-linux-*.so.*)" --library-path "$lib" "$herd/usr/bin/herd7" \
		-set-libdir "$herd/usr/share/herdtools7/herd" -conf linux-kernel.cfg "$1") |
		sed -n 's/^Observation [^ ]* \([A-Za-z]*\) .*/\1/p'
}
step_litmus() {
	local file expected got bad=0
	for file in "$tree"/Documentation/litmus-tests/{objcache,rhashtable}/*.litmus; do
		[ -e "$file" ] || fail "no litmus tests in ${file%/*}"
		expected=$(sed -n 's/^ \* Result: \([A-Za-z]*\).*/\1/p' "$file")
		got=$(verdict "$file")
		printf '%-9s %s/%s\n' "$got" "$(basename "${file%/*}")" "${file##*/}"
		[[ -n $got && $got = "$expected" ]] || { echo "expected: ${expected:-no line \"Result:\"}"; bad=$((bad + 1)); }
	done
	[ $bad = 0 ] || fail "$bad litmus tests have another result"
}
