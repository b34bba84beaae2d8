# What a package manager installs can be used until the container is gone.

  $ kubectl run box --image=alpine:3.20 -- sleep 3600
  pod/box created
  $ kubectl run deb --image=debian:12 -- sleep 3600
  pod/deb created
  $ kubectl wait --for=condition=Ready pod --all > /dev/null
  $ kubectl exec box -- curl -sI http://example.com
  error: Internal error occurred: failed to exec in container: failed to start exec "*": OCI runtime exec failed: exec failed: unable to start container process: exec: "curl": executable file not found in $PATH: unknown (glob)
  [1]
  $ kubectl exec box -- apk add --no-cache curl bind-tools
  fetch https://dl-cdn.alpinelinux.org/alpine/v3.20/main/x86_64/APKINDEX.tar.gz
  fetch https://dl-cdn.alpinelinux.org/alpine/v3.20/community/x86_64/APKINDEX.tar.gz
  (1/2) Installing curl
  (2/2) Installing bind-tools
  OK: 12 MiB in 17 packages
  $ kubectl exec box -- curl -sI http://example.com | head -1 | tr -d "\r"
  HTTP/1.1 200 OK
  $ kubectl exec box -- dig +short kubernetes.default.svc.cluster.local
  10.96.0.1

# Debian's images come without the lists of packages.

  $ kubectl exec deb -- apt-get install -y iputils-ping > /dev/null
  E: Unable to locate package iputils-ping
  command terminated with exit code 100
  [100]
  $ kubectl exec deb -- sh -c 'apt-get update && apt-get install -y iputils-ping' > /dev/null
  $ kubectl exec deb -- ping -c 1 -q 8.8.8.8 | sed -n 4p
  1 packets transmitted, 1 received, 0% packet loss, time 0ms

# Nothing is installed where nothing can be written.

  $ kubectl run frozen --image=alpine:3.20 --overrides='{"spec":{"containers":[{"name":"frozen","image":"alpine:3.20","command":["sleep","3600"],"securityContext":{"readOnlyRootFilesystem":true}}]}}'
  pod/frozen created
  $ kubectl wait --for=condition=Ready pod/frozen
  pod/frozen condition met
  $ kubectl exec frozen -- apk add curl
  ERROR: Unable to lock database: Read-only file system
  ERROR: Failed to open apk database: Read-only file system
  command terminated with exit code 99
  [99]
  $ kubectl run user --image=busybox:1.36 --overrides='{"spec":{"containers":[{"name":"user","image":"busybox:1.36","command":["sh","-c","touch /x; echo y > /etc/passwd; mkdir /z"],"securityContext":{"runAsUser":1000,"readOnlyRootFilesystem":true}}]}}' --restart=Never
  pod/user created
  $ tick 10s
  $ kubectl logs user
  touch: /x: Read-only file system
  sh: can't create /etc/passwd: Read-only file system
  mkdir: can't create directory '/z': Read-only file system
