# Resources of a running container are changed in place (beta in 1.33): the node agrees, the container gets them, the status says so.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: grow
  > spec:
  >   containers:
  >   - name: a
  >     image: nginx:1.27
  >     resizePolicy:
  >     - {resourceName: cpu, restartPolicy: NotRequired}
  >     - {resourceName: memory, restartPolicy: RestartContainer}
  >     resources:
  >       requests: {cpu: 100m, memory: 64Mi}
  >       limits: {cpu: 200m, memory: 128Mi}
  > EOF
  pod/grow created
  $ tick 20s
  $ state() { kubectl get pod grow -o jsonpath='{.metadata.generation} restarts={.status.containerStatuses[0].restartCount} allocated={.status.containerStatuses[0].allocatedResources} has={.status.containerStatuses[0].resources}{"\n"}'; kubectl get pod grow -o jsonpath='{range .status.conditions[*]}{.type} {.reason}: {.message}{"\n"}{end}' | grep Resize; true; }
  $ state
  1 restarts=0 allocated={"cpu":"100m","memory":"64Mi"} has={"limits":{"cpu":"200m","memory":"128Mi"},"requests":{"cpu":"100m","memory":"64Mi"}}

# Without the subresource the API refuses.

  $ kubectl patch pod grow -p '{"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":"300m"}}}]}}' 2>&1 | head -n 1
  The Pod "grow" is invalid: spec: Forbidden: pod updates may not change fields other than * (glob)

# CPU: no restart. First allocated and in progress, a moment later done.

  $ kubectl patch pod grow --subresource resize -p '{"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"150m"},"limits":{"cpu":"300m"}}}]}}'
  pod/grow patched
  $ state
  2 restarts=0 allocated={"cpu":"150m","memory":"64Mi"} has={"limits":{"cpu":"200m","memory":"128Mi"},"requests":{"cpu":"100m","memory":"64Mi"}}
  PodResizeInProgress : 
  $ tick 2s
  $ state
  2 restarts=0 allocated={"cpu":"150m","memory":"64Mi"} has={"limits":{"cpu":"300m","memory":"128Mi"},"requests":{"cpu":"150m","memory":"64Mi"}}

# Memory: this container's policy asks for a restart.

  $ kubectl patch pod grow --subresource resize -p '{"spec":{"containers":[{"name":"a","resources":{"limits":{"memory":"256Mi"}}}]}}'
  pod/grow patched
  $ tick 3s
  $ state
  3 restarts=1 allocated={"cpu":"150m","memory":"64Mi"} has={"limits":{"cpu":"300m","memory":"256Mi"},"requests":{"cpu":"150m","memory":"64Mi"}}
  $ kubectl get events --field-selector reason=Killing -o jsonpath='{.items[*].message}{"\n"}'
  Container a resize requires restart

# More than the node has at all is infeasible: nothing changes, and the scheduler does not count it.

  $ kubectl patch pod grow --subresource resize -p '{"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"9"},"limits":{"cpu":"9"}}}]}}'
  pod/grow patched
  $ tick 2s
  $ state
  4 restarts=1 allocated={"cpu":"150m","memory":"64Mi"} has={"limits":{"cpu":"300m","memory":"256Mi"},"requests":{"cpu":"150m","memory":"64Mi"}}
  PodResizePending Infeasible: Node didn't have enough capacity: cpu, requested: 9000, capacity: 4000
  $ kubectl run hog --image=nginx:1.27 --overrides='{"spec":{"containers":[{"name":"hog","image":"nginx:1.27","resources":{"requests":{"cpu":"2"}}}]}}'
  pod/hog created
  $ tick 5s
  $ kubectl get pod hog --no-headers | awk '{print $3}'
  Running

# More than is left now is deferred, and tried again until there is room.

  $ kubectl patch pod grow --subresource resize -p '{"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"3"},"limits":{"cpu":"3"}}}]}}'
  pod/grow patched
  $ tick 2s
  $ state | tail -n 1
  PodResizePending Deferred: Node didn't have enough resource: cpu, requested: 3000, used: 2950, capacity: 4000
  $ kubectl delete pod hog --now
  pod "hog" deleted
  $ tick 100s
  $ state
  5 restarts=1 allocated={"cpu":"3","memory":"64Mi"} has={"limits":{"cpu":"3","memory":"256Mi"},"requests":{"cpu":"3","memory":"64Mi"}}

# What may not be done.

  $ kubectl patch pod grow --subresource resize --type=merge -p '{"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"1"}}}]}}'
  The Pod "grow" is invalid: 
  * spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed
  * spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed
  * spec: Forbidden: only cpu and memory resources are mutable
  [1]
  $ kubectl patch pod grow --subresource resize -p '{"spec":{"containers":[{"name":"a","resources":{"requests":{"cpu":"3","memory":"256Mi"}}}]}}'
  The Pod "grow" is invalid: spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing
  [1]

# A container that is not there is not taken for a new one. The patch puts it first.

  $ kubectl patch pod grow --subresource resize -p '{"spec":{"containers":[{"name":"typo","resources":{"requests":{"cpu":"1"}}}]}}'
  The Pod "grow" is invalid: 
  * spec.containers[0].image: Required value
  * spec.containers: Forbidden: containers may not be added or removed on resize
  [1]
  $ kubectl patch pod grow --subresource resize --type=json -p '[{"op":"replace","path":"/spec/containers/0/name","value":"b"}]'
  The Pod "grow" is invalid: spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize
  [1]

# What the kubelet reads from a file is not the API's to resize, nor to debug.

  $ kubectl patch pod -n kube-system etcd-podsim-control-plane --subresource resize -p '{"spec":{"containers":[{"name":"etcd","resources":{"requests":{"cpu":"200m"}}}]}}'
  The Pod "etcd-podsim-control-plane" is invalid: []: Forbidden: static pods cannot be resized
  [1]
  $ kubectl debug -n kube-system etcd-podsim-control-plane --image=busybox -c look --profile=general
  The Pod "etcd-podsim-control-plane" is invalid: []: Forbidden: static pods do not support ephemeral containers
  [1]
