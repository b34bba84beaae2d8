The items of a List are validated by kubectl itself, before anything is sent.

  $ cat > list.yaml <<'END'
  > apiVersion: v1
  > kind: List
  > items:
  > - apiVersion: v1
  >   kind: ConfigMap
  >   metadata: {name: fine}
  >   data: {number: 1}
  > - apiVersion: v1
  >   kind: Pod
  >   metadata: {name: p}
  >   spec: {containers: x, colour: red}
  > - apiVersion: v1
  >   kind: Service
  >   metadata: {name: s}
  >   spec: {ports: [{port: eighty}, {name: web}], selector: [a]}
  > - apiVersion: example.com/v1
  >   kind: Unknown
  >   spec: 1
  > END
  $ kubectl apply -f list.yaml
  error: error validating "list.yaml": error validating data: [ValidationError(Pod.spec): unknown field "colour" in io.k8s.api.core.v1.PodSpec, ValidationError(Pod.spec.containers): invalid type for io.k8s.api.core.v1.PodSpec.containers: got "string", expected "array", ValidationError(Service.spec.ports[0].port): invalid type for io.k8s.api.core.v1.ServicePort.port: got "string", expected "integer", ValidationError(Service.spec.ports[1]): missing required field "port" in io.k8s.api.core.v1.ServicePort, ValidationError(Service.spec.selector): invalid type for io.k8s.api.core.v1.ServiceSpec.selector: got "array", expected "map"]; if you choose to ignore these errors, turn validation off with --validate=false
  [1]
  $ kubectl get configmap fine
  Error from server (NotFound): configmaps "fine" not found
  [1]
  $ kubectl create -f list.yaml --validate=warn --dry-run=client
  W* schema.go:145] cannot perform warn validation if server-side field validation is unsupported, skipping validation (glob)
  configmap/fine created (dry run)
  pod/p created (dry run)
  service/s created (dry run)
  unable to recognize no matches for kind "Unknown" in version "example.com/v1"
  [1]
  $ printf 'apiVersion: v1\nkind: List\nitems: [a]\n' | kubectl get -f -
  unable to decode "STDIN": json: cannot unmarshal string into Go value of type map[string]interface {}
  [1]

Fields that are not known are named in the order of their names, as Go writes maps.

  $ printf 'apiVersion: v1\nkind: Pod\nspec: {zone: 1, containers: [{name: a, image: b, odd: 1, arg: 2}], bar: 3}\nmetadata: {name: p, foo: 1}\nextra: 1\n' | kubectl create -f -
  Error from server (BadRequest): error when creating "STDIN": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "extra", unknown field "metadata.foo", unknown field "spec.bar", unknown field "spec.containers[0].arg", unknown field "spec.containers[0].odd", unknown field "spec.zone"
  [1]

A directory is no standard input; a server that refuses cannot be asked how to validate.

  $ kubectl apply -f - < .
  error: error parsing STDIN: read /dev/stdin: is a directory
  [1]
  $ kubectl -s http://localhost:1 apply -f list.yaml
  error: error validating "list.yaml": error validating data: Get "http://localhost:1/openapi/v2?timeout=32s": dial tcp 127.0.0.1:1: connect: connection refused; if you choose to ignore these errors, turn validation off with --validate=false
  [1]
  $ printf 'apiVersion: v1\nkind: Namespace\nmetadata: {name: new}\n' > one.yaml; kubectl -s http://localhost:1 create -f one.yaml
  error: error validating "one.yaml": error validating data: failed to download openapi: Get "http://localhost:1/openapi/v2?timeout=32s": dial tcp 127.0.0.1:1: connect: connection refused; if you choose to ignore these errors, turn validation off with --validate=false
  [1]
  $ kubectl -s http://localhost:1 delete -f one.yaml
  error: unable to recognize "one.yaml": Get "http://localhost:1/api?timeout=32s": dial tcp 127.0.0.1:1: connect: connection refused
  [1]
  $ kubectl -s http://localhost:1 get pods
  The connection to the server localhost:1 was refused - did you specify the right host or port?
  [1]
  $ kubectl --token=wrong version; kubectl --token=wrong apply -f one.yaml; kubectl --token=wrong api-versions
  Client Version: v1.33.1
  Kustomize Version: v5.6.0
  error: You must be logged in to the server (the server has asked for the client to provide credentials)
  error: error validating "one.yaml": error validating data: failed to download openapi: the server has asked for the client to provide credentials; if you choose to ignore these errors, turn validation off with --validate=false
  error: couldn't get available api versions from server: the server has asked for the client to provide credentials
  [1]
