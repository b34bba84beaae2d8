# What kubectl asks the API server, and what it answers: -v=6 and more, on stderr.

  $ kubectl run web --image=nginx -v=6 >/dev/null
  I0101 00:00:00.000000       1 round_trippers.go:632] "Response" verb="POST" url="https://127.0.0.1:6443/api/v1/namespaces/default/pods?fieldManager=kubectl-run" status="201 Created" milliseconds=0
  $ kubectl get pod nobody -v=6 2>&1 | tail -2
  I0101 00:00:00.000000       1 round_trippers.go:632] "Response" verb="GET" url="https://127.0.0.1:6443/api/v1/namespaces/default/pods/nobody" status="404 Not Found" milliseconds=0
  Error from server (NotFound): pods "nobody" not found
  $ kubectl get pods -v=7 2>&1 | grep Table
  	Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json
  $ kubectl label pod web a=b -v=8 2>&1 | grep '"Request Body" body="{'
  * "Request Body" body="{\"metadata\":{\"labels\":{\"a\":\"b\"}}}" (glob)
  $ kubectl cluster-info | head -1
  Kubernetes control plane is running at https://127.0.0.1:6443
