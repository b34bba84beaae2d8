# Inside `podsim shell` kubectl and k mean podsim, and nothing else changes.

  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ podsim shell -- kubectl get pods -o name
  pod/web
  $ podsim shell -- bash -c 'k get pod web -o name; echo "$@"' name 'a  b' c
  pod/web
  a  b c
  $ podsim shell kubectl get pod web -o name
  pod/web
  $ echo 'kubectl get pods -o name' | SHELL=/bin/sh podsim shell
  pod/web
  $ cat > e2e.sh <<'SCRIPT'
  > #!/bin/sh
  > set -e
  > kubectl get pods
  > kubectl create deployment "$1" --image=nginx:1.27
  > kubectl rollout status deployment "$1"
  > kubectl --kubeconfig "$KUBECONFIG" get deployment "$1"
  > SCRIPT
  $ chmod +x e2e.sh

A cluster of its own: what is in the other stays as it is, and this one is gone afterwards.

  $ podsim shell --fresh --clock paused --time 2026-01-01T00:00:00Z --seed 1 -- ./e2e.sh shop
  No resources found in default namespace.
  deployment.apps/shop created
  Waiting for deployment "shop" rollout to finish: 0 of 1 updated replicas are available...
  deployment "shop" successfully rolled out
  NAME   READY   UP-TO-DATE   AVAILABLE   AGE
  shop   1/1     1            1           *s (glob)
  $ podsim shell --fresh --nodes 3 --seed 7 --clock 10x -- kubectl get nodes -o name
  node/podsim-control-plane
  node/podsim-worker
  node/podsim-worker2
  $ kubectl get deployments
  No resources found in default namespace.
  $ podsim shell --fresh -- sh -c 'echo "$PODSIM_HOME" > place; test -f "$KUBECONFIG" && kubectl config current-context'
  fresh
  $ test ! -e "$(cat place)" && test ! -e "$(dirname "$(cat place)")" && echo gone
  gone
  $ podsim shell --fresh -- sh -c 'echo "$PODSIM_HOME" > place; kubectl get nodes -o name; kill -9 $$'
  node/podsim-control-plane
  [137]
  $ test ! -e "$(cat place)" && echo gone
  gone

The exit status is the command's.

  $ podsim shell -- sh -c 'exit 7'
  [7]
  $ podsim shell -- kubectl get pod nope
  Error from server (NotFound): pods "nope" not found
  [1]
  $ podsim shell -- sh -c 'kill -TERM $$'
  [143]
  $ podsim shell -- no-such-program
  error: no-such-program: command not found
  [127]
  $ podsim shell -- ./nowhere.sh
  error: ./nowhere.sh: no such file or directory
  [127]
  $ touch plain.sh && podsim shell -- ./plain.sh
  error: ./plain.sh: permission denied
  [126]

One may stand in another, and each goes back to where it was.

  $ podsim shell -- sh -c 'podsim shell --fresh -- kubectl get pods; kubectl get pods -o name'
  No resources found in default namespace.
  pod/web
  $ podsim shell --fresh -- sh -c 'podsim shell -- kubectl config current-context'
  fresh

On another cluster: a context's, or a state file's.

  $ podsim cluster create other --clock paused --time 2026-01-01T00:00:00Z
  Cluster "other" created: 1 node, Kubernetes v1.33.1, clock paused at 2026-01-01T00:00:00Z.
  $ kubectl config set-context --current --namespace kube-system
  Context "other" modified.
  $ podsim shell -- sh -c 'k get pods -o name | grep etcd; podsim clock'
  pod/etcd-podsim-control-plane
  2026-01-01T00:00:00Z  paused
  $ podsim --context default shell -- sh -c 'k get pods -o name; podsim clock show; podsim shell -- k get pods -o name'
  pod/web
  2026-01-01T00:00:00Z  paused
  pod/web
  $ podsim --context nope shell -- k get pods
  error: no context exists with the name: "nope"
  [1]
  $ mkdir 'a b' && PODSIM_STATE='a b/own.json' podsim shell -- sh -c 'cd /; kubectl create namespace mine; podsim shell -- kubectl get namespace mine -o name'
  namespace/mine created
  namespace/mine
  $ PODSIM_STATE='a b/own.json' kubectl get namespace mine -o name
  namespace/mine
  $ kubectl get namespace mine
  Error from server (NotFound): namespaces "mine" not found
  [1]

What cannot be meant is said.

  $ podsim shell --frehs -- true
  error: unknown flag: --frehs
  See 'podsim shell --help' for usage.
  [1]
  $ podsim shell --nodes 2 -- true
  error: --nodes is for a cluster of its own: podsim shell --fresh --nodes 2
  [1]
  $ podsim --context other shell --fresh -- true
  error: --fresh makes a cluster of its own; --context and --state name another one
  [1]
  $ podsim shell --fresh --clock soon -- true
  error: invalid rate "soon": expected a number followed by x, for example 10x
  [1]
