# What the scheduler does not look at, the kubelet does: kernel parameters, the operating system, the runtime.

  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: node.k8s.io/v1
  > kind: RuntimeClass
  > metadata: {name: gvisor}
  > handler: runsc
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: sysctl}
  > spec:
  >   securityContext: {sysctls: [{name: net/core/somaxconn, value: "1024"}]}
  >   containers: [{name: a, image: "nginx:1.27"}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: windows}
  > spec:
  >   os: {name: windows}
  >   containers: [{name: a, image: "nginx:1.27"}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: label, labels: {kubernetes.io/os: windows}}
  > spec:
  >   containers: [{name: a, image: "nginx:1.27"}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: sandboxed}
  > spec:
  >   runtimeClassName: gvisor
  >   containers: [{name: a, image: "nginx:1.27"}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: asks}
  > spec:
  >   containers:
  >   - {name: a, image: "busybox:1.36", env: [{name: X, valueFrom: {resourceFieldRef: {resource: limits.cpu, containerName: nobody}}}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: strict}
  > spec:
  >   securityContext: {supplementalGroupsPolicy: Strict, supplementalGroups: [4000]}
  >   containers: [{name: a, image: "busybox:1.36", command: [sleep, "100"]}]
  > Y
  runtimeclass.node.k8s.io/gvisor created
  pod/sysctl created
  pod/windows created
  pod/label created
  pod/sandboxed created
  pod/asks created
  pod/strict created
  $ tick 15s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3, $4}'
  asks 0/1 CreateContainerConfigError 0
  label 0/1 PodOSSelectorNodeLabelDoesNotMatch 0
  sandboxed 0/1 ContainerCreating 0
  strict 1/1 Running 0
  sysctl 0/1 SysctlForbidden 0
  windows 0/1 PodOSNotSupported 0
  $ kubectl get events --field-selector type=Warning -o jsonpath='{range .items[*]}{.involvedObject.name} {.reason}: {.message}{"\n"}{end}' | sort -u
  asks Failed: Error: container nobody not found
  label PodOSSelectorNodeLabelDoesNotMatch: Failed to admit pod as the `kubernetes.io/os` label doesn't match node label
  sandboxed FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "*": no runtime for "runsc" is configured (glob)
  sandboxed FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = unable to get OCI runtime for sandbox "*": no runtime for "runsc" is configured (glob)
  sysctl SysctlForbidden: forbidden sysctl: "net.core.somaxconn" not allowlisted
  windows PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS
  $ kubectl get pod sysctl -o jsonpath='{.status.phase}: {.status.message}{"\n"}'
  Failed: Pod was rejected: forbidden sysctl: "net.core.somaxconn" not allowlisted
  $ kubectl get pod strict -o jsonpath='{.status.containerStatuses[0].user.linux.supplementalGroups}{"\n"}'
  [0,4000]
  $ kubectl get nodes -o jsonpath='{.items[0].status.features}{"\n"}'
  {"supplementalGroupsPolicy":true}

# Of what has been counted out it gives no more than there is, whoever sends the pod.

  $ kubectl patch node podsim-control-plane --subresource=status --type=merge -p '{"status":{"capacity":{"example.com/dongle":"3"},"allocatable":{"example.com/dongle":"3"}}}'
  node/podsim-control-plane patched
  $ for name in one two; do cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: dongles-$name}
  > spec:
  >   nodeName: podsim-control-plane
  >   containers: [{name: a, image: "nginx:1.27", resources: {limits: {example.com/dongle: 2, example.com/unheard-of: 1}}}]
  > Y
  > done
  pod/dongles-one created
  pod/dongles-two created
  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: huge}
  > spec:
  >   nodeName: podsim-control-plane
  >   containers: [{name: a, image: "nginx:1.27", resources: {limits: {hugepages-2Mi: 4Mi, memory: 64Mi, cpu: 100m}}}]
  > Y
  pod/huge created
  $ tick 15s
  $ kubectl get pods dongles-one dongles-two huge --no-headers | awk '{print $1, $2, $3}'
  dongles-one 1/1 Running
  dongles-two 0/1 OutOfexample.com/dongle
  huge 0/1 OutOfhugepages-2Mi
  $ kubectl get pods dongles-two huge -o jsonpath='{range .items[*]}{.status.message}{"\n"}{end}'
  Pod was rejected: Node didn't have enough resource: example.com/dongle, requested: 2, used: 2, capacity: 3
  Pod was rejected: Node didn't have enough resource: hugepages-2Mi, requested: 4194304, used: 0, capacity: 0
