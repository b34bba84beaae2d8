The API server hands requests on to pods and to the pods of services: their proxy subresources. What it answers itself is written as Go writes it.

  $ kubectl run web --image=nginx --port=80 --expose && kubectl wait --for=condition=Ready pod/web
  service/web created
  pod/web created
  pod/web condition met
  $ kubectl exec web -- sh -c 'echo "<a href=/next>on</a> <img src=\"http://elsewhere.io/a.png\"/>" > /usr/share/nginx/html/index.html'
  $ kubectl get --raw /api/v1/namespaces/default/pods/web/proxy/
  <a href="/api/v1/namespaces/default/pods/web/proxy/next">on</a> <img src="http://elsewhere.io/a.png"/>
  $ kubectl get --raw /api/v1/namespaces/default/pods/web:80/proxy
  <a href="/api/v1/namespaces/default/pods/web:80/proxy/next">on</a> <img src="http://elsewhere.io/a.png"/>
  $ kubectl get --raw /api/v1/namespaces/default/services/http:web:80/proxy/index.html
  <a href="/api/v1/namespaces/default/services/http:web:80/proxy/next">on</a> <img src="http://elsewhere.io/a.png"/>
  $ kubectl get --raw /api/v1/namespaces/default/pods/web/proxy/gone
  Error from server (NotFound): the server could not find the requested resource
  [1]
  $ kubectl get --raw /api/v1/namespaces/default/pods/web:81/proxy/
  Error from server (ServiceUnavailable): error trying to reach service: dial tcp 10.244.0.5:81: connect: connection refused
  [1]
  $ kubectl get --raw /api/v1/namespaces/default/services/web:99/proxy/
  Error from server (ServiceUnavailable): no service port 99 found for service "web"
  [1]
  $ kubectl get --raw /api/v1/namespaces/default/services/ftp:web:80/proxy/
  Error from server (BadRequest): invalid service request "ftp:web:80"
  [1]
  $ kubectl get --raw /api/v1/namespaces/default/services/web/proxy/ --as=jane
  Error from server (Forbidden): services "web" is forbidden: User "jane" cannot get resource "services/proxy" in API group "" in the namespace "default"
  [1]
  $ kubectl delete pod web --now && kubectl get --raw /api/v1/namespaces/default/services/web/proxy/
  pod "web" deleted
  Error from server (ServiceUnavailable): no endpoints available for service "web"
  [1]
  $ kubectl get --raw /api/v1/namespaces/kube-public | tr , '\n' | grep -v 'uid\|resourceVersion\|creationTimestamp'
  {"kind":"Namespace"
  "apiVersion":"v1"
  "metadata":{"name":"kube-public"
  "labels":{"kubernetes.io/metadata.name":"kube-public"}}
  "spec":{"finalizers":["kubernetes"]}
  "status":{"phase":"Active"}}
  $ kubectl create configmap page --from-literal='x=<a & b>' --from-literal=10=ten --from-literal=9=nine && kubectl get --raw /api/v1/namespaces/default/configmaps/page | grep -o '"data":.*'
  configmap/page created
  "data":{"10":"ten","9":"nine","x":"\u003ca \u0026 b\u003e"}}

The server asks for a container where there are several, and names them all.

  $ cat <<'EOF' | kubectl create -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: several}
  > spec:
  >   initContainers: [{name: i, image: busybox, command: ["true"]}]
  >   containers: [{name: a, image: nginx}, {name: b, image: redis}]
  > EOF
  pod/several created
  $ kubectl get --raw /api/v1/namespaces/default/pods/several/log
  Error from server (BadRequest): a container name must be specified for pod several, choose one of: [i a b]
  [1]
  $ kubectl get --raw '/api/v1/namespaces/default/pods/several/log?container=a&tailLines=-1&stream=Stdout'
  The PodLogOptions "several" is invalid: 
  * tailLines: Invalid value: -1: must be greater than or equal to 0
  * stream: Forbidden: may not be specified
  [1]
