# shellcheck shell=bash disable=SC2034
# Functions and settings that all scripts share. This file is sourced, never run.

shopt -s inherit_errexit	# or "x=$(f)" would go on after an error in f
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(realpath -m "${OBJCACHE_BUILD:-$top/build}")
cache=$(realpath -m "${OBJCACHE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/objcache}")
tree=$(realpath -m "${OBJCACHE_TREE:-$build/linux}") jobs=$(nproc)
# absolute, for the scripts that this one runs in another folder
export OBJCACHE_BUILD=$build OBJCACHE_CACHE=$cache OBJCACHE_TREE=$tree
[[ $top$build$tree$cache != *[[:space:]]* ]] || { echo "error: a path has a blank: $top, $build, $tree or $cache" >&2; exit 1; }
author_name="objcache developers" author_email="objcache@example.org"

# The accelerator of QEMU. KVM has to be asked for: there are machines whose /dev/kvm can be opened
# but runs no kernel.
accel=${OBJCACHE_ACCEL:-tcg}

# Debian's python3 first: a private one may lack modules that the kernel's tools import.
export PATH=/usr/bin:/bin:$PATH LC_ALL=C.UTF-8
# The caller's settings for other kernel builds must not affect ours.
unset O ARCH CROSS_COMPILE {,GNU}MAKEFLAGS LLVM{,_IAS} K{C,CPP,A,RUST}FLAGS LOCALVERSION "${!KBUILD_@}" "${!KCONFIG_@}"

# isolate_git: run every git command with our configuration instead of the caller's. Only
# safe.directory is taken over, or git would refuse trees that the caller has declared safe.
isolate_git() {
	local safe i settings=(core.hooksPath=/dev/null core.attributesFile=/dev/null core.excludesFile=/dev/null
		core.autocrlf=false core.abbrev=12 commit.gpgSign=false log.showSignature=false color.ui=false)
	mapfile -t safe < <(git config --get-all safe.directory 2>/dev/null || true)
	unset "${!GIT_@}"
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_ATTR_NOSYSTEM=1 GIT_TEMPLATE_DIR=""
	# in a damaged clone below build/, git must not find this repository instead
	export GIT_CEILING_DIRECTORIES=$build:${tree%/*}
	export GIT_CONFIG_COUNT=${#settings[@]}
	for i in "${!settings[@]}"; do
		export "GIT_CONFIG_KEY_$i=${settings[i]%%=*}" "GIT_CONFIG_VALUE_$i=${settings[i]#*=}"
	done
	# a file, since git drops variables for the other side of a clone
	[ ${#safe[@]} = 0 ] || {
		GIT_CONFIG_GLOBAL=$build/gitconfig
		mkdir -p "$build"
		{ echo "[safe]"; printf '\tdirectory = "%s"\n' "${safe[@]}"; } >"$GIT_CONFIG_GLOBAL.$$"
		mv "$GIT_CONFIG_GLOBAL.$$" "$GIT_CONFIG_GLOBAL"
	}
}
isolate_git

# The build's time, user and host must not differ from build to build, or ccache never hits.
export KBUILD_BUILD_TIMESTAMP=2026-01-01 KBUILD_BUILD_USER=objcache KBUILD_BUILD_HOST=objcache KBUILD_BUILD_VERSION=1
export CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_BASEDIR=$build CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1

me=${0##*/}
say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "error: $*"; exit 1; }
# For need(): the script that the user called, if it has the option
export OBJCACHE_HINT=${OBJCACHE_HINT-$(! grep -qse --install-deps "$0" || echo "call $0 with --install-deps, or: ")}
# The comment at the head of a script is its help.
usage() { sed -n '2,${/^#/!q;s/^# \{0,1\}//;p}' "$0"; }

# number OPTION VALUE: go on only if it is a positive number
number() { [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || die "$1 needs a positive number, not: \"$2\""; }
# lock FILE: wait until no other script has this lock. It ends with the shell or subshell, which can
# have only one: it is file 9. A child that may live on, such as a kernel, is run with 9>&-.
lock() {
	mkdir -p "${1%/*}"
	exec 9>>"$1"
	flock -n 9 || { say "waiting for another script, which holds $1"; flock 9; }
}

# log_of NAME: the file that takes the output of step NAME
log_of() { mkdir -p "$build/log" && printf '%s/log/%s.log\n' "$build" "$1"; }

# quietly NAME COMMAND...: run it with its output in a log, and print the end of the log if it fails
quietly() {
	local log
	log=$(log_of "$1"); shift
	"$@" >"$log" 2>&1 </dev/null && return 0
	tail -n 25 "$log" >&2
	say "failed: $* (whole output: $log)"
	return 1
}

# need COMMAND:PACKAGE... (or /FILE:PACKAGE): go on only when each of them is there.
# With OBJCACHE_INSTALL=1 (option --install-deps) the missing packages are installed.
need() {
	local item missing=()
	for item; do
		case $item in
		/*) [ -e "${item%%:*}" ] ;;
		*) command -v "${item%%:*}" >/dev/null || [ -x "/usr/sbin/${item%%:*}" ] ;;
		esac || missing+=("${item#*:}")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "${OBJCACHE_INSTALL:-0}" = 1 ] ||
		die "missing packages: ${OBJCACHE_HINT}apt-get install ${missing[*]}"
	say "installing: ${missing[*]}"
	quietly apt-update apt-get update || die "apt-get update failed"
	DEBIAN_FRONTEND=noninteractive quietly apt-install apt-get install -y --no-install-recommends "${missing[@]}" ||
		die "apt-get install failed; it needs root"
}

# What every kernel build needs, as arguments of need(); header files stand for their -dev packages.
kernel_build=(git:git make:make gcc:gcc flex:flex bison:bison bc:bc perl:perl /usr/include/stdio.h:libc6-dev
	/usr/include/libelf.h:libelf-dev /usr/include/openssl/ssl.h:libssl-dev)

# need_cross ARCH: the compiler for ARCH, if it is not this machine's own
need_cross() {
	local prefix
	prefix=$(cross_prefix "$1")
	[ -z "$prefix" ] || need "${prefix}gcc:gcc-$(sed 's/_/-/g; s/-$//' <<<"$prefix")"
}
cross_prefix() {
	case $1-$(uname -m) in
	x86_64-x86_64|i386-x86_64|arm64-aarch64|s390-s390x) ;;
	x86_64-*) echo x86_64-linux-gnu- ;;
	i386-*) echo i686-linux-gnu- ;;
	arm64-*) echo aarch64-linux-gnu- ;;
	s390-*) echo s390x-linux-gnu- ;;
	esac
}
# compiler PREFIX: the value of CC, through ccache if that is there
compiler() { command -v ccache >/dev/null && echo "ccache ${1}gcc" || echo "${1}gcc"; }

# kmake ARCH DIR ARGUMENT...: the kernel's make, out of tree, in DIR
kmake() {
	local arch=$1 dir=$2 prefix
	prefix=$(cross_prefix "$arch"); shift 2
	make -s -C "$tree" O="$dir" ARCH="$arch" CROSS_COMPILE="$prefix" CC="$(compiler "$prefix")" \
		-j"$jobs" "$@"
}

# fragment_config ARCH DIR FRAGMENT: write DIR/.config from a fragment; all other options are off.
# The kernel's merge_config.sh names the options that do not exist or cannot be enabled.
fragment_config() {
	mkdir -p "$2"
	(
		cd "$tree"
		export ARCH=$1 MAKEFLAGS=-s CROSS_COMPILE
		CROSS_COMPILE=$(cross_prefix "$1")
		quietly "config-${2##*/}" scripts/kconfig/merge_config.sh -n -s -O "$2" "$3"
	) || die "${3#"$top/"} does not fit this kernel"
}

# pack_initrd FOLDER FILE
initrd_needs=(/bin/busybox:busybox-static cpio:cpio gzip:gzip)
pack_initrd() { (cd "$1" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1) >"$2"; }

# splats LOG: print the kernel's warnings and bug reports; false if there are none. "Call Trace:"
# alone does not count: fault injection in tests prints one, too.
splats() {
	grep -nE 'BUG: |BUG .*\): |WARNING: |Oops|Kernel panic|general protection|Unable to handle|INFO: (task|trying|rcu|possible|lockdep|suspicious)|KASAN: |KCSAN: |UBSAN: |unreferenced object' "$1"
}

# other_source: print why a build would not test the branch objcache, if that is so
other_source() {
	local branch
	branch=$(git -C "$tree" symbolic-ref -q --short HEAD || echo "no branch")
	[ "$branch" = objcache ] || echo "$branch is checked out instead of objcache: git -C $tree checkout objcache"
	[ -z "$(git -C "$tree" status --porcelain --untracked-files=no)" ] || echo "uncommitted changes"
}

# ---- postings ----
# postings: their names, which are those of the folders in patches/, in order
postings() { find "$top/patches" -mindepth 1 -maxdepth 1 -name '[1-9]*-*' -type d -printf '%f\n' | sort -V; }
# patches_of POSTING... (or "": of all): the patches without the cover letters, in order
patches_of() { find "${@/#/$top/patches/}" -path '*/[1-9]*-*/[0-9]*.patch' ! -name '0000-*' | sort; }
cover_of() { echo "$top/patches/$1/0000-cover-letter.patch"; }

# depends_on POSTING: the postings that it needs, directly or indirectly, in order
depends_on() {
	local name other needed=" $1 "
	for name in $({ postings; echo "$1"; } | sort -ruV); do
		[[ $needed = *" $name "* && -e $(cover_of "$name") ]] || continue
		for other in $(sed -nE 's/^Depends-on: *//p' "$(cover_of "$name")" | tr , ' '); do
			[ -d "$top/patches/$other" ] || die "$name depends on $other, which is not in patches/"
			[[ ${other%%-*} < ${name%%-*} ]] || die "$name depends on $other, which comes later"
			needed+="$other "
		done
	done
	tr ' ' '\n' <<<"$needed" | sed "/^$1\$/d; /^\$/d" | sort -uV
}

# clone_base DIR: a git clone of the tree at its base, in branch series. Only the files that
# patches/ touches are checked out, which takes a second instead of a minute.
clone_base() {
	# at a tag, or the clone would have the branch that the tree has checked out
	git clone -q --shared --no-checkout -b objcache-base "$tree" "$1"
	git -C "$1" config user.name "$author_name"
	git -C "$1" config user.email "$author_email"
	find "$top/patches" -name '*.patch' -exec sed -nE 's,^(\+\+\+ b/|--- a/|rename from |rename to ),/,p' {} + |
		sort -u | git -C "$1" sparse-checkout set --no-cone --stdin
	git -C "$1" checkout -q -b series objcache-base
}

# cover_text FILE: subject and text of a cover letter, as they were given to format-patch
cover_text() {
	[ -e "$1" ] || { printf 'Subject to be written\n\nText to be written.\n'; return; }
	# only the headers: in the text, mailinfo would stop at "---"
	sed '/^$/q' "$1" | git mailinfo /dev/null /dev/null | sed -n 's/^Subject: //p'
	echo
	sed "1,/^\$/d; /^$author_name (/,\$d" "$1" | git stripspace
}
# recipients To|Cc FILE: the addresses in these headers of a cover letter, one on each line
recipients() {
	[ ! -e "$2" ] || awk -v header="$1:" '
		/^$/ { exit }
		/^[^ \t]/ { on = index(tolower($0), tolower(header)) == 1; $0 = substr($0, length(header) + 1) }
		on { sub(/^[ \t]+/, ""); sub(/[ \t,]*$/, ""); if (!/"/) gsub(/, */, "\n"); if ($0) print }
	' "$2"
}

# format_posting POSTING BELOW BRANCH OUT OPTION...: in a git tree, git format-patch of the
# commits from BELOW to BRANCH, with the cover letter of the posting
format_posting() {
	local name=$1 below=$2 branch=$3 out=$4
	shift 4
	git -c "branch.$branch.description=$(cover_text "$(cover_of "$name")")" \
		format-patch -q --no-base --no-signature --cover-letter --cover-from-description=subject \
		-o "$out" "$@" "$below..$branch"
}
# prerequisites RANGE: as for "format-patch --base", which computes other IDs than git patch-id does
# from the mails
prerequisites() { git log --reverse -p "$1" | git patch-id --stable | sed 's/^/prerequisite-patch-id: /; s/ [^ ]*$//'; }

# ---- packages of another Debian suite or architecture ----
# private_apt SUITE[:ARCH]: print the path of an apt configuration for this suite, instead of the machine's
private_apt() (
	dir=$cache/apt/${1/:/-} keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	command -v apt-get >/dev/null || die "no apt-get here: only Debian's packages can be downloaded"
	need dpkg:dpkg $keyring:debian-archive-keyring
	# shellcheck disable=SC2016 # $(...) is apt's own notation
	mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' |
		 awk '!mirror && $1 !~ /-security/ && $2 ~ /debian/ { mirror = $2 } END { print mirror }')
	[ -n "$mirror" ] || die "this machine's apt names no Debian mirror"
	lock "$dir/lock"
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	echo "deb [signed-by=$keyring] $mirror ${1%:*} main" >"$dir/sources.list"
	[[ $1 = *:* ]] && arch=${1#*:} || arch=$(dpkg --print-architecture)
	printf '%s "%s";\n' Dir::Etc::SourceList "$dir/sources.list" Dir::Etc::SourceParts /dev/null Dir::State "$dir" \
		Dir::State::Lists "$dir/lists" Dir::State::status /var/lib/dpkg/status Dir::Cache "$dir/cache" \
		APT::Sandbox::User root APT::Architecture "$arch" APT::Architectures:: "$arch" >"$dir/apt.conf"
	# not more than once a day; without Error-Mode, it succeeds without a network
	if [ -z "$(find "$dir/updated" -mmin -1440 2>/dev/null)" ]; then
		APT_CONFIG="$dir/apt.conf" apt-get -qq -o APT::Update::Error-Mode=any update >&2 ||
			die "the package lists of $1 cannot be downloaded from $mirror"
		touch "$dir/updated"
	fi
	echo "$dir/apt.conf"
)
# shellcheck source=/dev/null
this_suite() (. /etc/os-release && echo "$VERSION_CODENAME")
# fetch_deb SUITE[:ARCH] PACKAGE[=VERSION] DIR
fetch_deb() {
	local apt
	apt=$(private_apt "$1")
	mkdir -p "$3"
	(cd "$3" && APT_CONFIG=$apt apt-get -qq download "$2" >&2) && return 0
	rm -f "${apt%/*}/updated"	# the mirror may be newer than the lists
	die "$2 of $1 cannot be downloaded"
}

# unpack_debs NAME SUITE[:ARCH] PACKAGE...: unpack packages into a folder of the cache, once, and print
# its path. A hash of the list is part of the name, so that another list gives another folder.
unpack_debs() (
	dir=$cache/$1-$(sha1sum <<<"${*:2}" | cut -c1-8) suite=$2
	shift 2
	lock "$dir.lock"
	if [ ! -e "$dir" ]; then
		rm -rf "$dir.part"
		for package; do fetch_deb "$suite" "$package" "$dir.part/debs"; done
		for package in "$dir.part"/debs/*.deb; do dpkg -x "$package" "$dir.part"; done
		mv -T "$dir.part" "$dir"
	fi
	echo "$dir"
)

# ---- checkpatch ----
# FILE_PATH_CHANGES: the entry in MAINTAINERS comes with the last patch.
# MACRO_ARG_REUSE: the initialiser macros take names of types and fields, no expressions.
# UNKNOWN_COMMIT_ID: the base has no history in which the commits could be found.
# EXPORT_SYMBOL: checkpatch does not recognise the definition of a function pointer.
checkpatch_ignore=FILE_PATH_CHANGES,MACRO_ARG_REUSE,UNKNOWN_COMMIT_ID,EXPORT_SYMBOL

checkpatch_needs=(perl:perl python3:python3 /usr/lib/python3/dist-packages/ply:python3-ply
	/usr/lib/python3/dist-packages/git:python3-git)

# checkpatch [OPTION...] PATCH...: in a kernel tree, print what checkpatch.pl --strict says of
# the patches; fails if that is anything.
checkpatch() {
	local out bad rc=0
	out=$(scripts/checkpatch.pl --strict --terse --showfile --show-types \
		--ignore "$checkpatch_ignore" "$@" 2>&1) || rc=$?
	# Definitions of trace events are laid out in their own way, all over the kernel, and so
	# are the inline functions of rhashtable, which also use BUG_ON() on invalid arguments, and XFS. net/9p has an IDR.
	bad=$(grep -vE -e '^(include/trace/events|fs/xfs)/.*: CHECK:(OPEN_ENDED_LINE|PARENTHESIS_ALIGNMENT): |^total: |^$' \
		-e '^(include/linux/|lib/|lib/tests/)rhashtable[a-z_-]*\.[ch]:[0-9]+: (CHECK|WARNING|ERROR):(OPEN_ENDED_LINE|PARENTHESIS_ALIGNMENT|COMPARISON_TO_NULL|AVOID_BUG|OPEN_BRACE|LINE_SPACING): ' -e '^net/9p/tests/.*: WARNING:DEPRECATED_API: ' <<<"$out" || true)
	[ -z "$bad" ] || { echo "$bad"; return 1; }
	# 1 is "there were complaints": those that were left out
	[ $rc -le 1 ] || { echo "$out"; return 1; }
}
