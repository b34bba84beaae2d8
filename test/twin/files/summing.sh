#!/bin/sh
# A sum of what is shown goes into it, to be seen afterwards.
sum=$(cksum < "$1" | cut -d' ' -f1)
sed -i "s/\<fast\>/sum$sum/; s/\<front\>/sum$sum/; s/\<s3t\>/sum$sum/" "$1"
