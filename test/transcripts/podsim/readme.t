What README.md shows, as it shows it: the lab's ages come of its seed. If they change here, they change in both READMEs.

  $ export PODSIM_HOME=$PWD/home; unset PODSIM_STATE
  $ podsim apply -f - <<'YAML'
  > {apiVersion: v1, kind: Pod, metadata: {name: simple-pod}, spec: {containers: [{name: nginx, image: "nginx:1.27"}]}}
  > YAML
  pod/simple-pod created
  $ podsim cluster create --clock paused
  error: cluster "default" already exists; use --force to replace it
  [1]
  $ podsim cluster create lab --clock paused --time 2026-01-01T00:00:00Z --seed 1
  Cluster "lab" created: 1 node, Kubernetes v1.33.1, clock paused at 2026-01-01T00:00:00Z.
  $ podsim run crash --image=busybox -- sh -c 'echo start; exit 1'
  pod/crash created
  $ podsim clock until pod/crash CrashLoopBackOff -q
  $ podsim get pods
  NAME    READY   STATUS             RESTARTS     AGE
  crash   0/1     CrashLoopBackOff   1 (2s ago)   4s
  $ podsim logs crash --previous
  start
  $ podsim clock advance 1h -q
  $ podsim get pods
  NAME    READY   STATUS             RESTARTS         AGE
  crash   0/1     CrashLoopBackOff   16 (4m43s ago)   60m
  $ podsim delete pod crash --now
  pod "crash" deleted

  $ podsim create deployment shop --image=ngnix --replicas=2
  deployment.apps/shop created
  $ podsim clock advance 20s -q
  $ podsim get pods
  NAME                    READY   STATUS             RESTARTS   AGE
  shop-7c7c7d8cb7-*   0/1     ImagePullBackOff   0          20s (glob)
  shop-7c7c7d8cb7-*   0/1     ImagePullBackOff   0          20s (glob)
  $ podsim set image deployment/shop ngnix=nginx:1.27
  deployment.apps/shop image updated
  $ podsim rollout status deployment/shop >/dev/null
  $ podsim expose deployment shop --port=80
  service/shop exposed
  $ podsim run client --image=busybox:1.36 --rm -i --restart=Never -- wget -qO- shop </dev/null | grep title
  <title>Welcome to nginx!</title>
  $ podsim cluster save before
  Snapshot "before" saved.
  $ podsim fault node-down podsim-control-plane
  node/podsim-control-plane is down
  $ podsim clock advance 1m -q && podsim get nodes --no-headers | awk '{ print $2 }'
  NotReady
  $ podsim cluster restore before && podsim get nodes --no-headers | awk '{ print $2 }'
  Snapshot "before" restored: * (glob)
  Ready
  $ podsim image add my/api --listen 8080 --http /healthz=200 && podsim image fail my/api --reason auth
  image my/api added
  pulls of my/api fail: auth
  $ podsim cluster use default && podsim get pods -o name
  * (glob)
  pod/simple-pod
