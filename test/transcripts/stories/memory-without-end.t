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

# A limit in bytes by mistake: not even the sandbox can be started. With another container that has no limit, only this one cannot.

  $ kubectl run typo --image=nginx:1.27 --overrides='{"spec":{"containers":[{"name":"typo","image":"nginx:1.27","resources":{"limits":{"memory":"128"}}}]}}'
  pod/typo created
  $ kubectl run half --image=nginx:1.27 --overrides='{"spec":{"containers":[{"name":"small","image":"nginx:1.27","resources":{"limits":{"memory":"1Mi"}}},{"name":"other","image":"nginx:1.27","command":["sleep","1000"]}]}}'
  pod/half created
  $ tick 30s
  $ kubectl get pods typo half --no-headers | awk '{print $1, $2, $3}'
  typo 0/1 ContainerCreating
  half 1/2 (CrashLoopBackOff|RunContainerError) (re)
  $ kubectl get events --field-selector involvedObject.name=typo,reason=FailedCreatePodSandBox -o jsonpath='{.items[0].message}{"\n"}'
  Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "*": failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown (glob)
  $ kubectl get pod half -o jsonpath='{.status.containerStatuses[1].lastState.terminated.reason} {.status.containerStatuses[1].lastState.terminated.message}{"\n"}'
  StartError failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown
