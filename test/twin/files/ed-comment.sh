#!/bin/sh
sed -i 's/^#.*//' "$1"; echo '# more' >> "$1"
