# The clock, and several clusters beside each other.

  $ podsim clock
  2026-01-01T00:00:00Z  paused
  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ podsim clock advance 10s
  2026-01-01T00:00:00Z  Normal  Pulling  pod/web  Pulling image "nginx:1.27"
  2026-01-01T00:00:03Z  Normal  Pulled   pod/web  Successfully pulled image "nginx:1.27" in * (* including waiting). Image size: * bytes. (glob)
  2026-01-01T00:00:03Z  Normal  Created  pod/web  Created container: web
  2026-01-01T00:00:03Z  Normal  Started  pod/web  Started container web
  2026-01-01T00:00:10Z
  $ podsim clock advance -1s
  error: unknown shorthand flag: '1' in -1s
  See 'podsim clock --help' for usage.
  [1]
  $ podsim clock advance soon
  error: invalid argument "soon": time: invalid duration "soon"
  [1]
  $ podsim clock set 2025-12-31T00:00:00Z
  error: 2025-12-31T00:00:00Z is before now (2026-01-01T00:00:10Z); to go back, restore a snapshot: podsim cluster restore NAME
  [1]
  $ podsim cluster save before
  Snapshot "before" saved.
  $ kubectl delete pod web --wait=false
  pod "web" deleted
  $ podsim clock until pod/web delete -q
  $ kubectl get pods
  No resources found in default namespace.
  $ podsim cluster diff before | head -4
  --- before/pods/default/web
  +++ /dev/null
  @@ -1,116 +0,0 @@
  -apiVersion: v1
  $ podsim cluster diff before >/dev/null
  [1]
  $ podsim cluster diff before before
  $ podsim cluster diff after
  error: no snapshot exists with the name: "after"
  [1]
  $ podsim cluster restore before
  Snapshot "before" restored: 2026-01-01T00:00:10Z.
  $ kubectl get pods
  NAME   READY   STATUS    RESTARTS   AGE
  web    1/1     Running   0          10s
  $ podsim cluster create other --nodes 3 --clock paused --time 2026-01-01T00:00:00Z
  Cluster "other" created: 3 nodes, Kubernetes v1.33.1, clock paused at 2026-01-01T00:00:00Z.
  $ kubectl get nodes
  NAME                   STATUS   ROLES           AGE   VERSION
  podsim-control-plane   Ready    control-plane   2m    v1.33.1
  podsim-worker          Ready    <none>          2m    v1.33.1
  podsim-worker2         Ready    <none>          2m    v1.33.1
  $ kubectl config get-contexts
  CURRENT   NAME      CLUSTER   AUTHINFO   NAMESPACE
            default   default   default    
  *         other     other     other      
  $ kubectl --context default get pods
  NAME   READY   STATUS    RESTARTS   AGE
  web    1/1     Running   0          10s
  $ podsim cluster info | head -3
  Name:         other
  Kubernetes:   v1.33.1
  Nodes:        3
  $ podsim cluster use default
  Switched to context "default".
  $ podsim cluster delete other
  Deleted cluster "other".
  $ podsim cluster use other
  error: no cluster exists with the name: "other"
  [1]

# A cluster from a dump, exactly as it was.

  $ podsim cluster export -o json > dump.json
  $ podsim cluster create copy --from dump.json --frozen --clock paused --time 2026-01-01T00:00:10Z
  Cluster "copy" created: 1 node, Kubernetes v1.33.1, clock paused at 2026-01-01T00:00:10Z.
  $ kubectl get pods
  NAME   READY   STATUS    RESTARTS   AGE
  web    1/1     Running   0          10s

# Objects may be of any version that is served, and need no namespace.

  $ cat > older.yaml <<'EOF'
  > apiVersion: autoscaling/v1
  > kind: HorizontalPodAutoscaler
  > metadata: {name: web}
  > spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 4, targetCPUUtilizationPercentage: 70}
  > EOF
  $ for how in '' --frozen; do podsim cluster create older --from older.yaml $how --force >/dev/null && kubectl get hpa -n default --no-headers | awk '{print $1, $2, $3, $4, $5}'; done
  web Deployment/web cpu: <unknown>/70% 1
  web Deployment/web cpu: <unknown>/70% <unset>

# What a dump lacks is empty, as it would be for the API server; what is of another type is refused, and nothing is made.

  $ printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: bare, namespace: default}\n' > bare.yaml
  $ podsim cluster create bare --from bare.yaml --frozen >/dev/null && kubectl get pods && kubectl describe pod bare | head -2
  NAME   READY   STATUS   RESTARTS   AGE
  bare   0/0              0          <unknown>
  Name:         bare
  Namespace:    default
  $ podsim cluster create bare --from bare.yaml --force
  The Pod "bare" is invalid: spec.containers: Required value
  [1]
  $ sed s/bare/false/ bare.yaml | podsim cluster create other --from - --frozen
  Error from server (BadRequest): Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.name of type string
  [1]
  $ podsim cluster list | grep -c other
  0
  [1]

# A clock that runs goes on from where it has been moved to, and nobody waits for the machine to catch up.

  $ podsim cluster create going > /dev/null
  $ seconds() { date -ud "$(podsim clock | cut -d ' ' -f 1)" +%s; }
  $ before=$(seconds); podsim clock advance 1h -q; echo $((($(seconds) - before) / 3600))
  1
  $ kubectl run box --image=busybox:1.36 -- sleep 9999 && podsim clock advance 1m -q
  pod/box created
  $ timeout 15 kubectl exec box -- sleep 1 && echo ended
  ended
  $ before=$(seconds); podsim clock until pod/nobody Running --timeout 10m -q; echo $((($(seconds) - before) / 600))
  error: timed out waiting for the condition pod/nobody Running
  1

# Whichever command makes the default cluster, its context is there.

  $ PODSIM_HOME=$PWD/new podsim cluster info | head -1
  Name:         default
  $ PODSIM_HOME=$PWD/new podsim config get-contexts --no-headers
  *     default   default   default   
