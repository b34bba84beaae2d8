# While a postStart hook runs, the sync waits: the containers after it are not started, the status stays, nothing is probed.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: slow-hook
  > spec:
  >   containers:
  >   - name: a
  >     image: nginx:1.27
  >     lifecycle: {postStart: {exec: {command: [sleep, "20"]}}}
  >     livenessProbe: {httpGet: {path: /nope, port: 80}, periodSeconds: 2, failureThreshold: 1}
  >   - name: b
  >     image: nginx:1.27
  >     command: [sleep, "1000"]
  > EOF
  pod/slow-hook created
  $ tick 15s
  $ kubectl get pod slow-hook
  NAME        READY   STATUS              RESTARTS   AGE
  slow-hook   0/2     ContainerCreating   0          15s
  $ kubectl get events --field-selector involvedObject.name=slow-hook,reason=Unhealthy
  No resources found in default namespace.
  $ kubectl get events --field-selector involvedObject.name=slow-hook,reason=Started -o jsonpath='{range .items[*]}{.message}{"\n"}{end}'
  Started container a
  $ tick 12s
  $ kubectl get events --field-selector involvedObject.name=slow-hook -o jsonpath='{range .items[*]}{.message}{"\n"}{end}' | grep -e Started -e Liveness -e liveness
  Started container a
  Started container b
  Liveness probe failed: HTTP probe failed with statuscode: 404
  Container a failed liveness probe, will be restarted
  $ kubectl delete pod slow-hook --now
  pod "slow-hook" deleted

# When the regular containers are done, the sidecars are told at the same moment; each waits for its turn, and the time counts
# against the grace period. Those deaf to SIGTERM do not add up: 10 seconds and, for those whose time is over, two more.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: sidecars
  > spec:
  >   restartPolicy: Never
  >   terminationGracePeriodSeconds: 10
  >   initContainers:
  >   - {name: s1, image: "nginx:1.27", restartPolicy: Always, command: [sleep, "1000"]}
  >   - {name: s2, image: "nginx:1.27", restartPolicy: Always, command: [sleep, "1000"]}
  >   - {name: s3, image: "nginx:1.27", restartPolicy: Always, command: [sleep, "1000"]}
  >   containers:
  >   - {name: app, image: "nginx:1.27", command: [sh, -c, "sleep 5"]}
  > EOF
  pod/sidecars created
  $ tick 30s
  $ kubectl get pod sidecars
  NAME       READY   STATUS      RESTARTS   AGE
  sidecars   0/4     Completed   0          30s
  $ kubectl get events --field-selector involvedObject.name=sidecars,reason=Killing -o jsonpath='{range .items[*]}{.firstTimestamp} {.message}{"\n"}{end}' | sort | cut -d' ' -f2- | sort
  Stopping container s1
  Stopping container s2
  Stopping container s3
  $ kubectl get events --field-selector involvedObject.name=sidecars,reason=Killing -o jsonpath='{range .items[*]}{.firstTimestamp}{"\n"}{end}' | sort -u | wc -l
  1
  $ end() { kubectl get pod sidecars -o jsonpath="{.status.$1.state.terminated.finishedAt}" | cut -c15-19 | tr ':' ' ' | awk '{print $1*60+$2}'; }
  $ app=$(end 'containerStatuses[0]'); for i in 2 1 0; do echo $(( $(end "initContainerStatuses[$i]") - app )); done
  (10|11) (re)
  (12|13) (re)
  (12|13) (re)
  $ kubectl get pod sidecars -o jsonpath='{.status.phase} {.status.initContainerStatuses[*].state.terminated.exitCode}{"\n"}'
  Succeeded 137 137 137
