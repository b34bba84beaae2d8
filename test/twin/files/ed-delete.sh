#!/bin/sh
sed -i '/^ *mode:/d; /^ *app.properties/,/^ *b=2/d' "$1"
