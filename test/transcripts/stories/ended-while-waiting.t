# A pod whose time is over while a container waits: nobody knows how that one would have ended, so it counts as lost.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: no-image
  > spec:
  >   activeDeadlineSeconds: 8
  >   containers: [{name: c, image: "no-such-image:1"}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: crashing
  > spec:
  >   activeDeadlineSeconds: 8
  >   containers: [{name: c, image: "busybox:1.36", command: ["false"]}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: preparing
  > spec:
  >   activeDeadlineSeconds: 8
  >   terminationGracePeriodSeconds: 2
  >   initContainers:
  >   - {name: one, image: "busybox:1.36", command: [sleep, "100"]}
  >   - {name: two, image: "busybox:1.36", command: [sleep, "100"]}
  >   containers: [{name: c, image: "busybox:1.36"}]
  > EOF
  pod/no-image created
  pod/crashing created
  pod/preparing created
  $ tick 15s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3, $4}'
  crashing 0/1 ContainerStatusUnknown 1
  no-image 0/1 ContainerStatusUnknown 0
  preparing 0/1 Init:Error 0
  $ kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name} {.status.phase} {.status.reason} {.status.containerStatuses[0].state}{"\n"}{end}'
  crashing Failed DeadlineExceeded {"terminated":{"exitCode":137,"finishedAt":null,"message":"The container could not be located when the pod was terminated","reason":"ContainerStatusUnknown","startedAt":null}}
  no-image Failed DeadlineExceeded {"terminated":{"exitCode":137,"finishedAt":null,"message":"The container could not be located when the pod was terminated","reason":"ContainerStatusUnknown","startedAt":null}}
  preparing Failed DeadlineExceeded {"waiting":{"reason":"PodInitializing"}}
  $ kubectl describe pod crashing | grep -A13 '    State:' | head -n 13
      State:          Terminated
        Reason:       ContainerStatusUnknown
        Message:      The container could not be located when the pod was terminated
        Exit Code:    137
        Started:      Mon, 01 Jan 0001 00:00:00 +0000
        Finished:     Mon, 01 Jan 0001 00:00:00 +0000
      Last State:     Terminated
        Reason:       Error
        Exit Code:    1
        Started:      Thu, 01 Jan 2026 00:00:* +0000 (glob)
        Finished:     Thu, 01 Jan 2026 00:00:* +0000 (glob)
      Ready:          False
      Restart Count:  1
