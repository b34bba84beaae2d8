From client-side to server-side apply: what the first owned, the second owns, and a field that leaves the file leaves the object.

  $ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "1", b: "2"}\n' > one.yaml
  $ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "3"}\n' > two.yaml
  $ kubectl apply -f one.yaml
  configmap/c created
  $ kubectl apply -f two.yaml --server-side
  configmap/c serverside-applied
  $ kubectl get cm c -o jsonpath='{.data}' && echo
  {"a":"3"}
  $ kubectl get cm c --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation}{"\n"}{end}'
  kubectl Apply
  kubectl-last-applied Apply

A pod may lose no default that client-side apply owned; it was applied all the same.

  $ printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx}]}\n' > pod.yaml
  $ sed s/nginx/nginx:1.27/ pod.yaml > pod2.yaml
  $ kubectl apply -f pod.yaml
  pod/p created
  $ kubectl apply -f pod2.yaml --server-side 2>&1 | cut -c1-95 | head -2
  Warning: failed to re-apply configuration after performing Server-Side Apply migration. This is
    core.PodSpec{
