# A debugging container with --target sees the processes of the container it aims at; without, only its own.

  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ tick 10s
  $ kubectl debug web --image=busybox:1.36 --profile=general --container=alone -- sleep 600
  $ kubectl debug web --image=busybox:1.36 --profile=general --container=near --target=web -- sleep 600
  Targeting container "web". If you don't see processes from this container it may be because the container runtime doesn't support this feature.
  $ tick 10s
  $ kubectl exec web -c alone -- ps
  PID   USER     TIME  COMMAND
      1 root      0:00 sleep 600
      9 root      0:00 ps
  $ kubectl exec web -c near -- ps | grep -c -e 'nginx: master' -e 'sleep 600'
  2
  $ kubectl exec web -c near -- kill -QUIT 1
  $ tick 5s
  $ kubectl get pod web -o jsonpath='{.status.containerStatuses[0].restartCount}{"\n"}'
  1

# What is left to standard input does not keep a program from ending.

  $ kubectl exec -i -n kube-system etcd-podsim-control-plane -- etcd --version < /dev/null
  etcd Version: 3.5.21
  Git SHA: a17edfd
  Go Version: go1.23.7
  Go OS/Arch: linux/amd64

# Said of a container that is taken by default, the ones for debugging come before the init containers.

  $ cat > several.yaml <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: several
  > spec:
  >   initContainers:
  >   - name: first
  >     image: busybox:1.36
  >     command: ["true"]
  >   containers:
  >   - name: main
  >     image: busybox:1.36
  >     command: ["sleep", "3600"]
  > END
  $ kubectl apply -f several.yaml
  pod/several created
  $ kubectl debug several --image=busybox:1.36 --profile=general --container=debugger -- sleep 600
  $ tick 10s
  $ kubectl exec several -- hostname
  Defaulted container "main" out of: main, debugger (ephem), first (init)
  several
