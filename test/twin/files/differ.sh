#!/bin/sh
# `diff -u -N`, without what is another in every run: the numbers of the directories and the times.
text=$(diff -u -N "$1" "$2")
code=$?
[ -z "$text" ] || printf '%s\n' "$text" | sed -e 's#/[^ ]*/\(LIVE\|MERGED\)-[0-9A-Za-z]*#\1#g' -e 's/^\([-+][-+][-+] .*\)\t.*$/\1/'
exit $code
