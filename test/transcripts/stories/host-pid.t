# A pod in the node's process namespace sees all that runs there, and is nobody's process one.

  $ cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: host}
  > spec: {hostPID: true, hostIPC: true, containers: [{name: main, image: alpine, command: [/bin/sleep, "999999"]}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: web}
  > spec: {containers: [{name: nginx, image: "nginx:1.27"}]}
  > Y
  pod/host created
  pod/web created
  $ tick 10s
  $ kubectl exec host -- ps aux | grep -e COMMAND -e /sbin/init -e journald -e 'bin/kubelet' -e ' kube-apiserver' -e 'sleep 9' | sed 's/^ *[0-9][0-9]* /N /; s/ --.*//'
  PID   USER     TIME  COMMAND
  N root      0:00 /sbin/init
  N root      0:00 /lib/systemd/systemd-journald
  N root      0:00 /usr/bin/kubelet
  N root      0:00 kube-apiserver
  N root      0:00 /bin/sleep 999999
  $ kubectl exec host -- sh -c 'cat /proc/1/comm; ps | grep -c "nginx: [mw]"; ps | grep -c "[s]leep 999999"; echo $$' | sed 's/^3[0-9][0-9][0-9]$/high/'
  init
  2
  1
  high
  $ kubectl exec web -- sh -c 'cat /proc/1/comm'
  nginx
  $ kubectl delete pod host --wait=false; tick 2s; kubectl get pods --no-headers | awk '{print $1, $2}'
  pod "host" deleted
  web 1/1
  $ kubectl debug node/podsim-control-plane -i --image=busybox:1.36 --profile=general -- sh -c 'ps | grep -c "[k]ubelet --boot"; ls /host/proc/1 >/dev/null 2>&1 || true; cat /proc/223/comm'
  Creating debugging pod node-debugger-podsim-control-plane-* with container debugger on node podsim-control-plane. (glob)
  1
  kubelet
