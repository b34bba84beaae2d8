# Fields of a running container's status that are easy to get wrong.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: fields
  > spec:
  >   hostNetwork: true
  >   containers:
  >   - name: c
  >     image: nginx:1.27
  >     resources: {requests: {cpu: 0.1, memory: 64Mi}, limits: {memory: 128M}}
  >     volumeMounts:
  >     - {name: d, mountPath: /d}
  >     - {name: d, mountPath: /e, readOnly: true}
  >     - {name: d, mountPath: /f, readOnly: true, recursiveReadOnly: IfPossible}
  >   volumes: [{name: d, emptyDir: {}}]
  > EOF
  pod/fields created

# The node's address is the pod's, even before there is a sandbox. Memory is as the spec has it until the runtime tells.

  $ kubectl get pod fields -o jsonpath='{.status.podIP} {.status.conditions[0].type}={.status.conditions[0].status} {.status.containerStatuses[0].resources}{"\n"}'
  172.18.0.2 PodReadyToStartContainers=False 
  $ tick 20s
  $ kubectl get pod fields -o jsonpath='{.status.containerStatuses[0].resources} {.status.containerStatuses[0].allocatedResources}{"\n"}'
  {"limits":{"memory":"125000Ki"},"requests":{"cpu":"100m","memory":"64Mi"}} {"cpu":"100m","memory":"64Mi"}
  $ kubectl get pod fields -o jsonpath='{range .status.containerStatuses[0].volumeMounts[*]}{.mountPath} {.readOnly} {.recursiveReadOnly}{"\n"}{end}'
  /d  
  /e true Disabled
  /f true Enabled
  /var/run/secrets/kubernetes.io/serviceaccount true Disabled

# An ephemeral container has resources, too, and is never ready.

  $ kubectl debug fields --image=busybox:1.36 -c dbg -- sleep 1000 2>/dev/null
  $ tick 5s
  $ kubectl get pod fields -o jsonpath='{.status.ephemeralContainerStatuses[0].ready} {.status.ephemeralContainerStatuses[0].resources} {.status.ephemeralContainerStatuses[0].started}{"\n"}'
  false {} 

# Who scheduled it: the scheduler's instance has the name of the host it runs on.

  $ kubectl get events --field-selector reason=Scheduled -o jsonpath='{.items[0].reportingComponent} {.items[0].reportingInstance}{"\n"}'
  default-scheduler default-scheduler-podsim-control-plane
