#!/bin/sh
sed -i "s/^  name: .*/  name: other/" "$1"
