# Why a container's command does not start: what runc says of a file it cannot run.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: ConfigMap
  > metadata:
  >   name: scripts
  > data:
  >   run.sh: "#!/bin/sh\necho hello from the script\n"
  >   plain: "echo hello\n"
  >   windows.sh: "#!/bin/sh\r\necho hello\r\n"
  > EOF
  configmap/scripts created
  $ start() { cat <<EOF | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: $1
  > spec:
  >   restartPolicy: Never
  >   containers:
  >   - name: c
  >     image: busybox:1.36
  >     command: ["$2"]
  >     volumeMounts: [{name: v, mountPath: /scripts}]
  >   volumes: [{name: v, configMap: {name: scripts, defaultMode: $3}}]
  > EOF
  > }
  $ start good /scripts/run.sh 0755
  pod/good created
  $ start not-executable /scripts/run.sh 0644
  pod/not-executable created
  $ start directory /scripts 0755
  pod/directory created
  $ start missing /nope/run.sh 0755
  pod/missing created
  $ start plain /scripts/plain 0755
  pod/plain created
  $ start windows /scripts/windows.sh 0755
  pod/windows created
  $ tick 15s
  $ kubectl get pods --no-headers | awk '{print $1, $3}'
  directory StartError
  good Completed
  missing StartError
  not-executable StartError
  plain Error
  windows Error
  $ kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name} {.status.containerStatuses[0].state.terminated.exitCode} {.status.containerStatuses[0].state.terminated.message}{"\n"}{end}' | sed 's/failed to create .* container init: //'
  directory 128 exec: "/scripts": is a directory: unknown
  good 0 
  missing 128 exec: "/nope/run.sh": stat /nope/run.sh: no such file or directory: unknown
  not-executable 128 exec: "/scripts/run.sh": permission denied: unknown
  plain 255 
  windows 255 
  $ kubectl logs plain
  exec /scripts/plain: exec format error
  $ kubectl logs windows
  exec /scripts/windows.sh: no such file or directory
