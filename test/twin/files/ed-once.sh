#!/bin/sh
# Leaves what cannot be read at first, and mends it then.
if grep -q '^a: \[' "$1"; then sed -i 's/^a: \[$//; s/mode: fast/mode: mended/' "$1"; else echo 'a: [' >> "$1"; fi
