# Profiles that the node must have: seccomp's as a file, AppArmor's loaded into its kernel.

  $ profiled() { cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: $1}
  > spec:
  >   securityContext: {$2}
  >   containers: [{name: c, image: "busybox:1.36", command: [sleep, 1h], securityContext: {$3}}]
  > Y
  > }
  $ profiled audit 'seccompProfile: {type: Localhost, localhostProfile: profiles/audit.json}'
  pod/audit created
  $ profiled own 'seccompProfile: {type: Localhost, localhostProfile: profiles/audit.json}' 'seccompProfile: {type: RuntimeDefault}'
  pod/own created
  $ profiled privileged 'seccompProfile: {type: Localhost, localhostProfile: profiles/audit.json}' 'privileged: true'
  pod/privileged created
  $ profiled armor 'appArmorProfile: {type: RuntimeDefault}' 'appArmorProfile: {type: Localhost, localhostProfile: k8s-apparmor-example-allow-write}'
  pod/armor created
  $ profiled default-armor 'appArmorProfile: {type: RuntimeDefault}'
  pod/default-armor created
  $ tick 15s
  $ kubectl get pods
  NAME            READY   STATUS                 RESTARTS   AGE
  armor           0/1     CreateContainerError   0          15s
  audit           0/1     CreateContainerError   0          15s
  default-armor   1/1     Running                0          15s
  own             1/1     Running                0          15s
  privileged      1/1     Running                0          15s
  $ kubectl get pod audit armor -o jsonpath='{range .items[*]}{.status.containerStatuses[0].state.waiting.message}{"\n"}{end}'
  failed to create containerd container: cannot load seccomp profile "/var/lib/kubelet/seccomp/profiles/audit.json": open /var/lib/kubelet/seccomp/profiles/audit.json: no such file or directory
  failed to get container spec opts: failed to generate apparmor spec opts: apparmor profile not found k8s-apparmor-example-allow-write
  $ kubectl events --for pod/audit --types=Warning --no-headers
  * Warning * Failed * Pod/audit * Error: failed to create containerd container: cannot load seccomp profile "/var/lib/kubelet/seccomp/profiles/audit.json": open /var/lib/kubelet/seccomp/profiles/audit.json: no such file or directory (glob)

Put there, it is found at the next attempt.

  $ kubectl debug node/podsim-control-plane -i --image=busybox:1.36 --profile=general -- sh -c 'mkdir -p /host/var/lib/kubelet/seccomp/profiles; echo "{\"defaultAction\": \"SCMP_ACT_LOG\"}" > /host/var/lib/kubelet/seccomp/profiles/audit.json'
  Creating debugging pod node-debugger-podsim-control-plane-* with container debugger on node podsim-control-plane. (glob)
  $ tick 20s
  $ kubectl get pod audit -o jsonpath='{.status.phase}{"\n"}'
  Running
