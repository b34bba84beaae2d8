# A pod's way: kubectl, API server, store, scheduler, kubelet, runtime, and out again.

  $ cluster 3
  $ cat > web.yaml <<'YAML'
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: web}
  > spec:
  >   containers:
  >   - {name: web, image: nginx:1.27, readinessProbe: {httpGet: {path: /, port: 80}}}
  > YAML
  $ kubectl apply -f web.yaml
  pod/web created
  $ tick 20s
  $ podsim trace web
  pod default/web  phase Running  podsim-worker2
  
  1. kubectl  sends the request
      +0s  look          GET /api/v1/namespaces/default/pods/web: 404 Not Found
      +0s  request       POST /api/v1/namespaces/default/pods?fieldManager=kubectl-client-side-apply&fieldValidation=Strict
                           field manager kubectl-client-side-apply, operation Update
  
  2. kube-apiserver  authenticates, authorizes, fills in defaults, admits, validates; the only one that talks to etcd
      +0s  authn, authz  passed, or it would not be there; as whom the client came is not on record (no audit log)
      +0s  defaulting    added to what kubectl apply sent (its last-applied-configuration):
                           spec.containers[web].readinessProbe.httpGet.scheme: HTTP
                           spec.containers[web].readinessProbe.timeoutSeconds: 1
                           spec.containers[web].readinessProbe.periodSeconds: 10
                           spec.containers[web].readinessProbe.successThreshold: 1
                           spec.containers[web].readinessProbe.failureThreshold: 3
                           spec.containers[web].resources: {}
                           spec.containers[web].terminationMessagePath: /dev/termination-log
                           spec.containers[web].terminationMessagePolicy: File
                           spec.containers[web].imagePullPolicy: IfNotPresent
                           spec.restartPolicy: Always
                           spec.terminationGracePeriodSeconds: 30
                           spec.dnsPolicy: ClusterFirst
                           spec.securityContext: {}
                           spec.schedulerName: default-scheduler
                           spec.enableServiceLinks: true
      +0s  admission     ServiceAccount added:
                           spec.containers[web].volumeMounts[/var/run/secrets/kubernetes.io/serviceaccount]
                           spec.serviceAccountName: default
                           spec.serviceAccount: default
                           spec.volumes[kube-api-access-*] (glob)
      +0s  admission     Priority added:
                           spec.priority: 0
                           spec.preemptionPolicy: PreemptLowerPriority
      +0s  admission     DefaultTolerationSeconds added:
                           spec.tolerations[node.kubernetes.io/not-ready]: NoExecute Exists 300
                           spec.tolerations[node.kubernetes.io/unreachable]: NoExecute Exists 300
      +0s  prepare       sets uid *, creationTimestamp 2026-01-01T00:00:00Z, generation 1, status.phase Pending, status.qosClass BestEffort (glob)
  
  3. etcd  keeps the object; each write gets a new resourceVersion, and watchers are told
      +0s  put           /registry/pods/default/web, resourceVersion *; watchers are told (scheduler, controllers) (glob)
      +0s  put           resourceVersion * by kube-scheduler (binding): spec.nodeName: podsim-worker2; PodScheduled: True (glob)
      +0s  put           resourceVersion * by kubelet: Initialized: True; PodReadyToStartContainers, Ready, ContainersReady: False; container web: waiting ContainerCreating (glob)
    +3.9s  put           resourceVersion * by kubelet: phase: Running; PodReadyToStartContainers, Ready, ContainersReady: True; podIP: 10.244.2.3; container web: running (glob)
  
  4. kube-scheduler  sees a pod without spec.nodeName: filters the nodes, scores the rest, binds the pod to the best
      +0s  choice        Successfully assigned default/web to podsim-worker2
      +0s  bind          POST /api/v1/namespaces/default/pods/web/binding sets spec.nodeName and PodScheduled
      now  filter        2 of 3 nodes would do for it on the cluster as it is now; filtered out:
                           podsim-control-plane: TaintToleration: node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }
      now  score         weight x score of each plugin, the highest sum wins, any of several:
                           podsim-worker2 (chosen then): 91 = NodeResourcesFit 91
                           podsim-worker: 89 = NodeResourcesFit 89
  
  5. kubelet  of the chosen node: brings the containers about, probes them, reports the status
      +0s  admission     the kubelet of podsim-worker2 sees a pod bound to its node, and takes it
           volumes       to be mounted before anything starts:
                           kube-api-access-*: projected of serviceAccountToken, configMap, downwardAPI (glob)
           probes        once a container runs:
                           web: readiness: http-get / on port 80, delay=0s timeout=1s period=10s #failure=3
      +0s  status        PATCH status: Initialized is True
    +0.7s  sandbox       RunPodSandbox: the pod's network namespace, with IP 10.244.2.3
    +0.7s  pull          web: Pulling image "nginx:1.27"
    +3.4s  image         web: Successfully pulled image "nginx:1.27" in 2.734s (2.734s including waiting). Image size: 72223946 bytes.
    +3.4s  create        Created container: web
    +3.4s  start         Started container web
    +3.9s  status        PATCH status: phase Running; PodReadyToStartContainers is True; ContainersReady is True; Ready is True
  
  6. container runtime  what the kubelet has it do over the CRI
    +0.7s  sandbox       sandbox * (the pause process holds the namespaces), IP 10.244.2.3 (glob)
           images        the spec's images came to:
                           web: docker.io/library/nginx:1.27, sha256:* (glob)
    +3.4s  container     web: *, pid 1 in its own PID namespace, runs (glob)
  $ podsim trace web -o json | jq -c '.scheduling | [.recomputed, (.nodes[] | [.node, .rejected.plugin, .total])]'
  [true,["podsim-control-plane","TaintToleration",null],["podsim-worker",null,89],["podsim-worker2",null,91]]
  $ podsim trace web -o json | jq -c '.versions[] | [.manager, .change]'
  [null,"created"]
  ["kube-scheduler (binding)","spec.nodeName: podsim-worker2; PodScheduled: True"]
  ["kubelet","Initialized: True; PodReadyToStartContainers, Ready, ContainersReady: False; container web: waiting ContainerCreating"]
  ["kubelet","phase: Running; PodReadyToStartContainers, Ready, ContainersReady: True; podIP: 10.244.2.3; container web: running"]
  $ kubectl delete pod web
  pod "web" deleted
  $ podsim trace web | sed -n '/^7/,$p'
  7. termination  the same components on the way out
      +20s  request       kube-apiserver: DELETE /api/v1/namespaces/default/pods/web: metadata.deletionTimestamp is set 30s ahead (deletionGracePeriodSeconds), the object stays
      +20s  Killing       kubelet: Stopping container web
      +20s  SIGQUIT       containerd: SIGQUIT to container web; SIGKILL would follow after 30s
    +20.1s  Completed     containerd: container web ended: exit code 0, Completed
    +20.1s  status        kubelet: phase Succeeded
    +20.1s  status        kubelet: condition PodReadyToStartContainers is False
    +20.1s  status        kubelet: conditions ContainersReady, Ready are False (PodCompleted)
    +20.9s  Removed       kube-apiserver: the object is gone

# Made by a controller; nowhere to go; a node by hand.

  $ kubectl create deployment app --image=nginx:1.27
  deployment.apps/app created
  $ tick 5s
  $ podsim trace $(kubectl get pods -o name) | sed -n '/^1/,/^3/p'
  1. ReplicaSet controller  sends the request
      +0s  request       POST /api/v1/namespaces/default/pods for ReplicaSet app-* (app-* is its controller, generateName app-*-) (glob)
  
  2. kube-apiserver  authenticates, authorizes, fills in defaults, admits, validates; the only one that talks to etcd
      +0s  authn, authz  passed, or it would not be there; as whom the client came is not on record (no audit log)
      +0s  defaulting    added to the template of its ReplicaSet:
                           spec.enableServiceLinks: true
      +0s  admission     ServiceAccount added:
                           spec.containers[nginx].volumeMounts[/var/run/secrets/kubernetes.io/serviceaccount]
                           spec.serviceAccountName: default
                           spec.serviceAccount: default
                           spec.volumes[kube-api-access-*] (glob)
      +0s  admission     Priority added:
                           spec.priority: 0
                           spec.preemptionPolicy: PreemptLowerPriority
      +0s  admission     DefaultTolerationSeconds added:
                           spec.tolerations[node.kubernetes.io/not-ready]: NoExecute Exists 300
                           spec.tolerations[node.kubernetes.io/unreachable]: NoExecute Exists 300
      +0s  prepare       sets uid *, creationTimestamp 2026-01-01T00:00:20Z, generation 1, status.phase Pending, status.qosClass BestEffort (glob)
  
  3. etcd  keeps the object; each write gets a new resourceVersion, and watchers are told
  $ kubectl run big --image=nginx --overrides='{"spec":{"containers":[{"name":"big","image":"nginx","resources":{"requests":{"cpu":"64"}}}]}}'
  pod/big created
  $ tick 1s
  $ podsim trace big | sed -n '/kube-scheduler  /,$p'
  4. kube-scheduler  sees a pod without spec.nodeName: filters the nodes, scores the rest, binds the pod to the best
    +0s  no node       0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.
    now  filter        0 of 3 nodes would do for it on the cluster as it is now; filtered out:
                         podsim-control-plane: TaintToleration: node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }
                         podsim-worker: NodeResourcesFit: Insufficient cpu
                         podsim-worker2: NodeResourcesFit: Insufficient cpu
  $ kubectl run own --image=nginx --overrides='{"spec":{"nodeName":"podsim-worker"}}'
  pod/own created
  $ tick 1s
  $ podsim trace own | sed -n '/kube-scheduler  /,/^5/p'
  4. kube-scheduler  sees a pod without spec.nodeName: filters the nodes, scores the rest, binds the pod to the best
           none          no scheduler was asked: it came with spec.nodeName podsim-worker
  
  5. kubelet  of the chosen node: brings the containers about, probes them, reports the status
  $ podsim trace nope
  error: pods "nope" not found in namespace "default", nor Events about one
  [1]
  $ podsim trace rs/web
  error: podsim trace is about pods, not rs/web: name one of its pods
  [1]
  $ podsim trace web -o yaml
  error: unable to match a printer suitable for the output format "yaml", allowed formats are: json
  [1]
