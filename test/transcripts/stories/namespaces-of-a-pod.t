# Which namespaces the containers of a pod share, as /proc shows them, and whose users they have.

  $ cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: own}
  > spec: {hostUsers: false, containers: [{name: a, image: "busybox:1.36", command: [sleep, "999"]}, {name: b, image: "busybox:1.36", command: [sleep, "999"]}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: shared}
  > spec: {shareProcessNamespace: true, containers: [{name: a, image: "busybox:1.36", command: [sleep, "999"]}, {name: b, image: "busybox:1.36", command: [sleep, "999"]}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: nodes}
  > spec: {hostNetwork: true, hostPID: true, hostIPC: true, containers: [{name: a, image: "busybox:1.36", command: [sleep, "999"]}]}
  > Y
  pod/own created
  pod/shared created
  pod/nodes created
  $ tick 8s
  $ both() { for kind in ipc mnt net pid user uts; do a=$(kubectl exec $1 -c a -- readlink /proc/self/ns/$kind); b=$(kubectl exec $1 -c b -- readlink /proc/self/ns/$kind); [ $a = $b ] && echo "$kind shared" || echo "$kind apart"; done; }
  $ both own
  ipc shared
  mnt apart
  net shared
  pid apart
  user shared
  uts shared
  $ both shared | grep -e pid -e mnt
  mnt apart
  pid shared
  $ kubectl exec own -c a -- cat /proc/self/uid_map
   +0 +\d+ +65536 (re)
  $ kubectl exec shared -c a -- cat /proc/self/uid_map /proc/self/gid_map
           0          0 4294967295
           0          0 4294967295
  $ kubectl exec shared -c a -- readlink /proc/self/ns/user
  user:[4026531837]
  $ for kind in ipc net pid; do kubectl exec nodes -- readlink /proc/1/ns/$kind; done
  ipc:[4026531839]
  net:[4026531840]
  pid:[4026531836]
