# Static pods: what can be deleted is only their mirror in the API, which the kubelet makes anew. The containers go on.

  $ kubectl get pod -n kube-system etcd-podsim-control-plane -o jsonpath='{.metadata.uid} {.status.startTime} {.status.containerStatuses[0].containerID}{"\n"}' > before
  $ kubectl delete pod -n kube-system etcd-podsim-control-plane
  pod "etcd-podsim-control-plane" deleted
  $ tick 3s
  $ kubectl get pods -n kube-system etcd-podsim-control-plane
  NAME                        READY   STATUS    RESTARTS   AGE
  etcd-podsim-control-plane   1/1     Running   0          3s
  $ kubectl get pod -n kube-system etcd-podsim-control-plane -o jsonpath='{.metadata.uid} {.status.startTime} {.status.containerStatuses[0].containerID}{"\n"}' > after
  $ [ "$(cut -d' ' -f1 before)" = "$(cut -d' ' -f1 after)" ] || echo another uid
  another uid
  $ [ "$(cut -d' ' -f2- before)" = "$(cut -d' ' -f2- after)" ] && echo the same containers
  the same containers
  $ kubectl delete pod -n kube-system kube-scheduler-podsim-control-plane --force 2>/dev/null
  pod "kube-scheduler-podsim-control-plane" force deleted
  $ tick 1s
  $ kubectl get pods -n kube-system kube-scheduler-podsim-control-plane --no-headers | awk '{print $2, $3, $5}'
  1/1 Running 1s

# A critical pod bound to a full node is let in at the expense of others; where all of them are not enough, it is refused.

  $ kubectl run other --image=nginx:1.27 --overrides='{"spec":{"terminationGracePeriodSeconds":3,"containers":[{"name":"other","image":"nginx:1.27","resources":{"requests":{"cpu":"2"}}}]}}'
  pod/other created
  $ tick 10s
  $ critical() { kubectl run $1 --image=nginx:1.27 --overrides='{"spec":{"nodeName":"podsim-control-plane","priorityClassName":"system-node-critical","containers":[{"name":"'$1'","image":"nginx:1.27","resources":{"requests":{"cpu":"'$2'"}}}]}}'; }
  $ critical vital 3
  pod/vital created
  $ tick 5s
  $ kubectl get pod vital --no-headers | awk '{print $2, $3}'
  1/1 Running
  $ kubectl get pod other -o jsonpath='{.status.phase} {.status.reason} {.status.message} {.status.conditions[0].type} {.status.conditions[0].reason}{"\n"}'
  Failed Preempting Preempted in order to admit critical pod DisruptionTarget TerminationByKubelet
  $ kubectl get events --field-selector reason=Preempting -o jsonpath='{.items[*].type} {.items[*].message}{"\n"}'
  Warning Preempted in order to admit critical pod
  $ critical huge 30
  pod/huge created
  $ tick 2s
  $ kubectl get pod huge
  NAME   READY   STATUS                     RESTARTS   AGE
  huge   0/1     UnexpectedAdmissionError   0          2s
  $ kubectl get pod huge -o jsonpath='{.status.message}{"\n"}'
  Pod was rejected: Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: no set of running pods found to reclaim resources: [(res: cpu, q: 29750), ]

# A node under pressure lets no new pods in, unless only memory is short and they have asked for some.

  $ podsim fault memory-pressure podsim-control-plane >/dev/null
  $ kubectl run late --image=nginx:1.27 --overrides='{"spec":{"nodeName":"podsim-control-plane"}}'
  pod/late created
  $ kubectl run asked --image=nginx:1.27 --overrides='{"spec":{"nodeName":"podsim-control-plane","containers":[{"name":"asked","image":"nginx:1.27","resources":{"requests":{"memory":"64Mi"}}}]}}'
  pod/asked created
  $ tick 3s
  $ kubectl get pods late asked --no-headers | awk '{print $1, $2, $3}'
  late 0/1 Evicted
  asked 1/1 Running
  $ kubectl describe pod late | grep -e ^Reason -e ^Message
  Reason:           Evicted
  Message:          Pod was rejected: The node had condition: [MemoryPressure]. 
  $ kubectl get events --field-selector involvedObject.name=late -o jsonpath='{.items[0].reason}: {.items[0].message}{"\n"}'
  Evicted: The node had condition: [MemoryPressure]. 
