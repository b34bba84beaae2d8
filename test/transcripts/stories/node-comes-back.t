# A node that was given up for lost comes back: its kubelet says so, the taints go, and so do the pods that were marked meanwhile.

  $ cluster 2
  $ kubectl run stays --image=nginx:1.27 --overrides='{"spec":{"nodeName":"podsim-worker","tolerations":[{"operator":"Exists"}]}}'
  pod/stays created
  $ kubectl run goes --image=nginx:1.27 --overrides='{"spec":{"nodeName":"podsim-worker"}}'
  pod/goes created
  $ tick 20s
  $ podsim fault node-down podsim-worker >/dev/null
  $ tick 7m
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3, $4}'
  goes 1/1 Terminating 0
  stays 1/1 Running 0
  $ podsim fault node-up podsim-worker >/dev/null
  $ tick 20s
  $ kubectl get nodes --no-headers | awk '{print $1, $2}'
  podsim-control-plane Ready
  podsim-worker Ready
  $ kubectl get node podsim-worker -o jsonpath='{.spec.taints}{range .status.conditions[*]}{.type}={.status} {.reason}{"\n"}{end}'
  MemoryPressure=False KubeletHasSufficientMemory
  DiskPressure=False KubeletHasNoDiskPressure
  PIDPressure=False KubeletHasSufficientPID
  Ready=True KubeletReady
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3, $4}'
  stays 1/1 Running 1
  $ kubectl get pod stays -o jsonpath='{.status.containerStatuses[0].lastState.terminated.reason} {.status.containerStatuses[0].lastState.terminated.exitCode}{"\n"}'
  Unknown 255
  $ kubectl logs stays --previous | head -n 1
  /docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration
  $ kubectl get events --field-selector involvedObject.name=podsim-worker -o jsonpath='{range .items[*]}{.type} {.reason} {.source.component}{"\n"}{end}' | sort
  Normal NodeAllocatableEnforced kubelet
  Normal NodeHasNoDiskPressure kubelet
  Normal NodeHasSufficientMemory kubelet
  Normal NodeHasSufficientPID kubelet
  Normal NodeNotReady node-controller
  Normal NodeReady kubelet
  Normal RegisteredNode node-controller
  Normal Starting kubelet
  Warning Rebooted kubelet

# Cut off and heard again: the containers ran on, and the pod is ready again without a restart.

  $ podsim fault partition podsim-worker >/dev/null
  $ tick 60s
  $ kubectl get pod stays -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}{"\n"}'
  False
  $ podsim fault heal podsim-worker >/dev/null
  $ tick 15s
  $ kubectl get pod stays -o jsonpath='{.status.conditions[?(@.type=="Ready")].status} {.status.containerStatuses[0].restartCount}{"\n"}'
  True 1

# The kubelet notes that its node was closed and opened again.

  $ kubectl cordon podsim-worker
  node/podsim-worker cordoned
  $ tick 15s
  $ kubectl uncordon podsim-worker
  node/podsim-worker uncordoned
  $ tick 15s
  $ kubectl get events --field-selector involvedObject.name=podsim-worker -o jsonpath='{range .items[*]}{.message}{"\n"}{end}' | grep Schedulable
  Node podsim-worker status is now: NodeNotSchedulable
  Node podsim-worker status is now: NodeSchedulable
