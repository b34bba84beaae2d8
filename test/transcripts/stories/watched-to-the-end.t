# What a watch sees of the end, as a kubelet and a kube-apiserver v1.33.13 were seen to tell it: the containers have ended
# before the phase says so, the grace period becomes 0 before the object goes, and of an earlier crash nothing is kept.

  $ cat > seen.mjs <<'EOF'
  > import { execFileSync } from 'node:child_process';
  > const [since, name] = process.argv.slice(2);
  > const path = `/api/v1/namespaces/default/pods?watch=1&timeoutSeconds=1&resourceVersion=${since}`;
  > for (const line of execFileSync('kubectl', ['get', '--raw', path]).toString().split('\n').filter(Boolean)) {
  >   const { type, object: { metadata, status } } = JSON.parse(line);
  >   if (metadata.name !== name) continue;
  >   const { state, lastState } = status.containerStatuses?.[0] ?? {};
  >   const has = (one) => one?.terminated?.exitCode ?? Object.keys(one ?? {})[0] ?? 'none';
  >   const sandbox = status.conditions?.find((one) => one.type === 'PodReadyToStartContainers')?.status;
  >   console.log(type, status.phase, `sandbox=${sandbox} state=${has(state)} last=${has(lastState)} grace=${metadata.deletionGracePeriodSeconds}`);
  > }
  > EOF

# A pod that ends by itself, and is then deleted.
  $ kubectl run done --image=busybox:1.36 --restart=Never -- sh -c 'sleep 1; exit 0'
  pod/done created
  $ kubectl get pod done -o jsonpath='{.metadata.resourceVersion}' > since
  $ tick 20s
  $ kubectl delete pod done
  pod "done" deleted
  $ node seen.mjs "$(cat since)" done | tail -n 5
  MODIFIED Running sandbox=True state=running last=none grace=undefined
  MODIFIED Running sandbox=True state=0 last=none grace=undefined
  MODIFIED Succeeded sandbox=False state=0 last=none grace=undefined
  MODIFIED Succeeded sandbox=False state=0 last=none grace=0
  DELETED Succeeded sandbox=False state=0 last=none grace=0

# By force: the pod still runs when its object goes.
  $ kubectl run forced --image=busybox:1.36 -- sleep 1000
  pod/forced created
  $ tick 20s
  $ kubectl get pod forced -o jsonpath='{.metadata.resourceVersion}' > since
  $ kubectl delete pod forced --force --grace-period=0
  Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.
  pod "forced" force deleted
  $ node seen.mjs "$(cat since)" forced
  MODIFIED Running sandbox=True state=running last=none grace=0
  DELETED Running sandbox=True state=running last=none grace=0

# One that has failed before it did its work: its dead container is gone as soon as the next one's end is known.
  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: second-try}
  > spec:
  >   restartPolicy: OnFailure
  >   volumes: [{name: v, emptyDir: {}}]
  >   containers:
  >   - {name: c, image: "busybox:1.36", command: [sh, -c, "[ -e /v/x ] && exit 0; touch /v/x; exit 3"], volumeMounts: [{name: v, mountPath: /v}]}
  > EOF
  pod/second-try created
  $ kubectl get pod second-try -o jsonpath='{.metadata.resourceVersion}' > since
  $ tick 20s
  $ node seen.mjs "$(cat since)" second-try | tail -n 3
  MODIFIED Running sandbox=True state=0 last=3 grace=undefined
  MODIFIED Running sandbox=True state=0 last=none grace=undefined
  MODIFIED Succeeded sandbox=False state=0 last=none grace=undefined
  $ kubectl describe pod second-try | grep -c 'Last State'
  0
  [1]

# A part of a volume named by a variable that has no value.
  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: nameless}
  > spec:
  >   volumes: [{name: v, emptyDir: {}}]
  >   containers:
  >   - name: c
  >     image: busybox:1.36
  >     env: [{name: A, value: ""}]
  >     volumeMounts: [{name: v, mountPath: /v, subPathExpr: $(B)/$(A)}]
  > EOF
  pod/nameless created
  $ tick 5s
  $ kubectl get pod nameless -o jsonpath='{.status.containerStatuses[0].state.waiting}{"\n"}'
  {"message":"missing value for A, B","reason":"CreateContainerConfigError"}
  $ kubectl get events --field-selector involvedObject.name=nameless,reason=Failed -o jsonpath='{.items[0].message}{"\n"}'
  Error: missing value for A, B

# Deleted while its image cannot be had: it no longer waits for that, it is only not there.
  $ kubectl run no-image --image=nowhere.example/none:1
  pod/no-image created
  $ tick 30s
  $ kubectl get pod no-image -o jsonpath='{.metadata.resourceVersion}' > since
  $ kubectl delete pod no-image
  pod "no-image" deleted
  $ kubectl get --raw "/api/v1/namespaces/default/pods?watch=1&timeoutSeconds=1&resourceVersion=$(cat since)" | grep -o '^{"type":"[A-Z]*"\|"waiting":{"reason":"[A-Za-z]*"\|"reason":"ContainerStatusUnknown"' | grep -v type | sort -u
  "reason":"ContainerStatusUnknown"
  "waiting":{"reason":"ContainerCreating"
  "waiting":{"reason":"ErrImagePull"

# A hook's error says what it wrote to stderr, its message all it wrote: stdout first.
  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: hooked}
  > spec:
  >   containers:
  >   - name: c
  >     image: busybox:1.36
  >     command: [sleep, "1000"]
  >     lifecycle: {postStart: {exec: {command: [sh, -c, "echo bad >&2; echo good; exit 5"]}}}
  > EOF
  pod/hooked created
  $ tick 33s
  $ kubectl get pod hooked -o jsonpath='{.status.containerStatuses[0].state.waiting.message}{"\n"}' | sed 's/.* - error: //'
  command 'sh -c echo bad >&2; echo good; exit 5' exited with 5: bad
  , message: "good\nbad\n"

# A sidecar that ends well is started again after its back-off, but does not show it: an init container's 0 counts as done.
  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: with-sidecar}
  > spec:
  >   initContainers: [{name: s, image: "busybox:1.36", command: [sleep, "3"], restartPolicy: Always}]
  >   containers: [{name: c, image: "busybox:1.36", command: [sleep, "1000"]}]
  > EOF
  pod/with-sidecar created
  $ tick 9s
  $ kubectl get pod with-sidecar -o jsonpath='{.status.initContainerStatuses[0].restartCount} {.status.initContainerStatuses[0].state.terminated.reason} {.status.initContainerStatuses[0].lastState}{"\n"}'
  1 Completed {}
  $ tick 30s
  $ kubectl get events --field-selector involvedObject.name=with-sidecar,reason=BackOff -o jsonpath='{.items[*].message} {.items[*].count}{"\n"}' | sed 's/(.*)/(UID)/'
  Back-off restarting failed container s in pod with-sidecar_default(UID) 4
