#!/bin/sh
# The words before the file go into it.
for file; do :; done
sed -i "s/fast/$1-$#/" "$file"
