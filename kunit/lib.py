"""lib.py - the settings and functions of scripts/lib.sh for the scripts in Python"""
import fcntl
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ME = os.path.basename(sys.argv[0])
# bash, with lib.sh, for a command that follows
LIB = ["bash", "-euo", "pipefail", "-c", '. "$1/scripts/lib.sh"; eval "$2"', sys.argv[0], TOP]

# lib.sh sets the paths, and keeps the caller's settings from git and make
ENV = subprocess.check_output([*LIB, "env -0"], text=True, errors="surrogateescape").split("\0")
os.environ.clear()
os.environ.update(item.split("=", 1) for item in ENV if item)
BUILD, TREE = os.environ["OBJCACHE_BUILD"], os.environ["OBJCACHE_TREE"]

def say(text):
    print(f"{ME}: {text}", file=sys.stderr, flush=True)

def die(text):
    sys.exit(f"{ME}: error: {text}")

def git(*args):
    return subprocess.check_output(["git", "-C", TREE, *args], text=True)

def lock(path):
    """Go on only if no other script has this lock. It ends with the script."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        fcntl.flock(os.open(path, os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        die(f"another scripts/{ME} is running, which holds {path}")
