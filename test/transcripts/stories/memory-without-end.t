# Programs that read a device without an end: those that keep it run out of memory, those that do not run on.

  $ endless() { cat <<EOF | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: $1
  > spec:
  >   restartPolicy: Never
  >   containers:
  >   - name: c
  >     image: busybox:1.36
  >     command: [sh, -c, "$2"]
  >     $3
  > EOF
  > }
  $ endless tail 'tail /dev/zero' 'resources: {limits: {memory: 64Mi}}'
  pod/tail created
  $ endless unlimited 'tail /dev/zero' 'tty: false'
  pod/unlimited created
  $ endless sums 'sha1sum /dev/zero' 'resources: {limits: {memory: 64Mi}}'
  pod/sums created
  $ endless few 'cat /dev/zero | head -c 3000000 | wc -c' 'resources: {limits: {memory: 64Mi}}'
  pod/few created
  $ tick 15s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3}'
  few 0/1 Completed
  sums 1/1 Running
  tail 0/1 OOMKilled
  unlimited 0/1 OOMKilled
  $ kubectl logs few
  3000000
  $ kubectl get pod tail -o jsonpath='{.status.phase} {.status.containerStatuses[0].state.terminated.exitCode}{"\n"}'
  Failed 137
