#!/bin/sh
sed -i 's/^spec:/spec:\n  unknownField: 1/' "$1"
