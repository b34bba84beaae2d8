#!/bin/sh
# Whatever the image was, it is another.
sed -i "s/image: .*/image: httpd/; s/replicas: 3/replicas: 5/" "$1"
