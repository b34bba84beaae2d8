#!/bin/sh
sed -i "s/fast/edited/" "$1"
