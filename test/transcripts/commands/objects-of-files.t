# What kubectl takes from a file, and what from the server; after kubernetes/kubernetes test/cmd (core.sh, generic-resources.sh).

  $ cat > web.yaml <<'EOF'
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata: {name: web}
  > spec:
  >   selector: {matchLabels: {app: web}}
  >   template:
  >     metadata: {labels: {app: web}}
  >     spec: {containers: [{name: c, image: nginx}]}
  > EOF
  $ kubectl expose -f web.yaml --port 80
  service/web exposed
  $ kubectl autoscale -f web.yaml --max 2
  horizontalpodautoscaler.autoscaling/web autoscaled
  $ mkdir many && cp web.yaml many/ && echo '{"apiVersion":"v1","ind":"Pod"}' > many/broken.yaml
  $ kubectl replace -f many
  Error from server (NotFound): error when replacing "many/web.yaml": deployments.apps "web" not found
  error validating "many/broken.yaml": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false
  [1]
  $ kubectl create configmap c
  configmap/c created
  $ echo '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","resourceVersion":"0"},"data":{"a":"b"}}' | tee c.json | kubectl replace -f -
  configmap/c replaced
  $ printf '#!/bin/sh\nsed -i "s/name: c$/name: d/" $1\n' > rename.sh; chmod +x rename.sh
  $ EDITOR=./rename.sh kubectl create --edit -f c.json
  configmap/d created
  $ kubectl patch cm d -p '{data:{}}'
  Error from server (BadRequest): invalid character 'd' looking for beginning of object key string
  [1]
  $ kubectl patch cm d --type json -p '[{"op":"replace","path":"/data/new","value":"1"}]'
  configmap/d patched
  $ kubectl patch cm d --type json -p '[{"op":"remove","path":"/data/none"}]'
  The request is invalid: the server rejected our request due to an error in our request
  [1]
  $ kubectl get cm d -o jsonpath='{.data}{"\n"}'
  {"a":"b","new":"1"}
  $ echo a=b | kubectl set env -f - -
  error: standard input cannot be used for multiple arguments
  [1]
  $ kubectl drain podsim-control-plane --ignore-daemonsets --dry-run=client 2>/dev/null | head -2
  node/podsim-control-plane cordoned (dry run)
  evicting pod kube-system/coredns-* (dry run) (glob)
  $ kubectl cordon --selector= 2>&1 | head -1
  error: You must provide one or more resources by argument or filename.

# Server-side apply of a subresource.

  $ kubectl run web --image=nginx
  pod/web created
  $ cat > status.yaml <<'EOF'
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: web}
  > status:
  >   conditions: [{type: example.io/Foo, status: "True", reason: reason, message: message}]
  > EOF
  $ kubectl apply --server-side --subresource=status --field-manager=mine -f status.yaml
  pod/web serverside-applied
  $ kubectl get pod web -o jsonpath='{.status.conditions[-1:].type}{"\n"}'
  example.io/Foo

Windows' PowerShell writes UTF-16.

  $ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wide}\ndata: {a: "1"}\n' | node -e 'const t = require("fs").readFileSync(0, "utf8"); process.stdout.write(Buffer.from("\ufeff" + t, "utf16le"))' > wide.yaml && kubectl apply -f wide.yaml
  configmap/wide created
  $ node -e 'const fs = require("fs"); fs.writeFileSync("other.yaml", fs.readFileSync("wide.yaml").swap16())' && kubectl delete -f other.yaml
  configmap "wide" deleted
  $ kubectl create -f - < wide.yaml
  configmap/wide created
