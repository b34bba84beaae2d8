What fails of a list in a file is one failure within another: kubectl says it without a word before it. Texts compared with kubectl v1.33.
  $ cat > list.yaml <<'EOF'
  > apiVersion: v1
  > kind: PodList
  > items:
  > - metadata: {name: a}
  > - metadata: {name: b}
  > EOF
  $ kubectl get -f list.yaml
  [pods "a" not found, pods "b" not found]
  [1]
  $ kubectl get -f list.yaml -o name
  Error from server (NotFound): pods "a" not found
  Error from server (NotFound): pods "b" not found
  [1]
  $ kubectl get -f list.yaml --ignore-not-found
  $ kubectl get -f list.yaml -w
  error: watch is only supported on individual resources and resource collections, but a list of resources is found
  [1]
  $ kubectl run a --image=nginx
  pod/a created
  $ kubectl label -f list.yaml x=y
  pod/a labeled
  Error from server (NotFound): pods "b" not found
  [1]
  $ kubectl label -f list.yaml x=z
  'x' already has a value (y), and --overwrite is false
  pods "b" not found
  [1]
  $ kubectl rollout restart -f list.yaml
  pods "b" not found
  error: pods "a" restarting is not supported
  [1]
What only names begin with has no name to ask for:
  $ echo '{apiVersion: v1, kind: Pod, metadata: {generateName: a-}}' | kubectl describe -f -
  error: resource name may not be empty
  [1]
