What Kubernetes' own end-to-end tests ask of the API server, as far as it shows on a command line.

  $ podsim cluster create --clock paused --time 2026-01-01T00:00:00Z --seed 1 --force >/dev/null

Kubectl client Kubectl validation "should detect unknown metadata fields in both the root and embedded object of a CR"

  $ cat > crd.yaml <<'YAML'
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata: {name: foos.example.com}
  > spec:
  >   group: example.com
  >   scope: Namespaced
  >   names: {kind: Foo, plural: foos, singular: foo}
  >   versions:
  >   - name: v1
  >     served: true
  >     storage: true
  >     schema:
  >       openAPIV3Schema:
  >         type: object
  >         properties:
  >           spec:
  >             type: object
  >             properties:
  >               template:
  >                 type: object
  >                 x-kubernetes-embedded-resource: true
  >                 properties:
  >                   metadata: {type: object, properties: {name: {type: string}}}
  >                   spec: {type: object}
  > YAML
  $ cat > foo.yaml <<'YAML'
  > apiVersion: example.com/v1
  > kind: Foo
  > metadata: {name: a}
  > spec:
  >   template: {apiVersion: foo/v1, kind: Sub, metadata: {unknownMeta: bar, name: sub, namespace: default}}
  > YAML
  $ kubectl create -f crd.yaml
  customresourcedefinition.apiextensions.k8s.io/foos.example.com created
  $ kubectl create -f foo.yaml
  Error from server (BadRequest): error when creating "foo.yaml": Foo in version "v1" cannot be handled as a Foo: strict decoding error: unknown field "spec.template.metadata.unknownMeta"
  [1]
  $ kubectl create --validate=warn -f foo.yaml
  Warning: unknown field "spec.template.metadata.unknownMeta"
  foo.example.com/a created
  $ kubectl get foo a -o jsonpath='{.spec.template.metadata}{"\n"}'
  {"creationTimestamp":null,"name":"sub","namespace":"default"}

CustomResourcePublishOpenAPI "works for CRD with validation schema": objects within the object have what every object has

  $ kubectl explain foos.spec.template | tail -n +10 | grep .
  FIELDS:
    apiVersion	<string> -required-
      apiVersion defines the versioned schema of this representation of an object.
      More info:
      https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources
    kind	<string> -required-
      kind is a string value representing the type of this object. In CamelCase.
      More info:
      https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds
    metadata	<ObjectMeta>
      Standard object's metadata. More info:
      https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata
    spec	<Object>
      <no description>
  $ kubectl get --raw /openapi/v2 | jq -c '.definitions["com.example.v1.Foo"] | [.type, (.properties | keys), (.properties.spec.properties.template.required)]'
  ["object",["apiVersion","kind","metadata","spec"],["kind","apiVersion"]]

ResourceQuota "should apply changes to a resourcequota status": the controller looks at it again with its full resync

  $ kubectl create quota q --hard=cpu=1,memory=1Gi
  resourcequota/q created
  $ podsim clock advance -q 1s
  $ kubectl patch quota q --subresource=status -p '{"status":{"hard":{"cpu":"2","memory":"2Gi"}}}'
  resourcequota/q patched
  $ podsim clock advance -q 1m
  $ kubectl get quota q -o jsonpath='{.status.hard}{"\n"}'
  {"cpu":"2","memory":"2Gi"}
  $ podsim clock advance -q 5m
  $ kubectl get quota q -o jsonpath='{.status.hard}{"\n"}'
  {"cpu":"1","memory":"1Gi"}

Certificates API "should support CSR API operations": /approval and /status take annotations along

  $ openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -subj /CN=x 2>/dev/null > x.csr
  $ kubectl create -f - <<YAML
  > apiVersion: certificates.k8s.io/v1
  > kind: CertificateSigningRequest
  > metadata: {name: x}
  > spec: {request: $(base64 -w0 < x.csr), signerName: example.com/e2e, usages: [client auth]}
  > YAML
  certificatesigningrequest.certificates.k8s.io/x created
  $ kubectl patch csr x --subresource=approval --type=merge -p '{"metadata":{"annotations":{"a":"1"}},"status":{"conditions":[{"type":"ApprovalPatch","status":"True","reason":"e2e"}]}}'
  certificatesigningrequest.certificates.k8s.io/x patched
  $ kubectl certificate approve x
  certificatesigningrequest.certificates.k8s.io/x approved
  $ kubectl patch csr x --subresource=status --type=merge -p '{"metadata":{"annotations":{"b":"2"}}}'
  certificatesigningrequest.certificates.k8s.io/x patched
  $ kubectl get csr x -o jsonpath='{.metadata.annotations} {.status.conditions[*].type}{"\n"}'
  {"a":"1","b":"2"} ApprovalPatch Approved

Update Demo "should create and stop a replication controller": its pods say which picture they show

  $ kubectl delete quota q
  resourcequota "q" deleted
  $ kubectl run demo --image=registry.k8s.io/e2e-test-images/nautilus:1.7
  pod/demo created
  $ podsim clock advance -q 30s
  $ kubectl get --raw /api/v1/namespaces/default/pods/demo/proxy/data.json | jq -c .
  {"image":"nautilus.jpg"}
