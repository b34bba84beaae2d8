Custom resources: a definition is established at once, and its kind is served like any other (CKAD: CRDs).
The commands were compared with kubectl v1.33 against podsim serve.

  $ cat > crd.yaml <<'EOF'
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata:
  >   name: crontabs.stable.example.com
  > spec:
  >   group: stable.example.com
  >   versions:
  >   - name: v1
  >     served: true
  >     storage: true
  >     schema:
  >       openAPIV3Schema:
  >         type: object
  >         description: CronTab runs a command now and then.
  >         required: [spec]
  >         properties:
  >           spec:
  >             type: object
  >             description: What is wanted.
  >             required: [cronSpec]
  >             properties:
  >               cronSpec: {type: string, pattern: '^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$', description: When.}
  >               image: {type: string, maxLength: 20}
  >               replicas: {type: integer, minimum: 1, maximum: 10, default: 1}
  >               color: {type: string, enum: [red, blue]}
  >               port: {x-kubernetes-int-or-string: true}
  >               hosts: {type: array, maxItems: 2, items: {type: string}}
  >               any: {type: object, x-kubernetes-preserve-unknown-fields: true}
  >           status:
  >             type: object
  >             properties:
  >               replicas: {type: integer}
  >               labelSelector: {type: string}
  >     additionalPrinterColumns:
  >     - {name: Spec, type: string, description: The cron spec, jsonPath: .spec.cronSpec}
  >     - {name: Replicas, type: integer, jsonPath: .spec.replicas}
  >     - {name: Image, type: string, priority: 1, jsonPath: .spec.image}
  >     - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
  >     subresources:
  >       status: {}
  >       scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.labelSelector}
  >   scope: Namespaced
  >   names:
  >     plural: crontabs
  >     singular: crontab
  >     kind: CronTab
  >     shortNames: [ct]
  >     categories: [all]
  > EOF
  $ cat > cr.yaml <<'EOF'
  > apiVersion: stable.example.com/v1
  > kind: CronTab
  > metadata: {name: my-cron, labels: {a: b}}
  > spec: {cronSpec: "* * * * */5", image: my-image, any: {deep: {n: 1}}}
  > EOF
  $ cat > bad.yaml <<'EOF'
  > apiVersion: stable.example.com/v1
  > kind: CronTab
  > metadata: {name: bad}
  > spec: {cronSpec: "x", image: a-very-long-image-name-here, replicas: 0, color: green, port: true, hosts: [a, b, c, 3]}
  > EOF
  $ cat > unknown.yaml <<'EOF'
  > apiVersion: stable.example.com/v1
  > kind: CronTab
  > metadata: {name: unk, foo: x}
  > spec: {cronSpec: "* * * * *", imagee: a, status: {x: 1}}
  > EOF
  $ kubectl apply -f cr.yaml
  error: resource mapping not found for name: "my-cron" namespace: "" from "cr.yaml": no matches for kind "CronTab" in version "stable.example.com/v1"
  ensure CRDs are installed first
  [1]
  $ kubectl apply -f crd.yaml -f cr.yaml
  customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created
  error: resource mapping not found for name: "my-cron" namespace: "" from "cr.yaml": no matches for kind "CronTab" in version "stable.example.com/v1"
  ensure CRDs are installed first
  [1]
  $ kubectl get crd
  NAME                          CREATED AT
  crontabs.stable.example.com   2026-01-01T00:00:00Z
  $ kubectl wait --for condition=established --timeout=60s crd/crontabs.stable.example.com
  customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com condition met
  $ kubectl get crd crontabs.stable.example.com -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{"\n"}{end}'
  NamesAccepted=True NoConflicts: no conflicts found
  Established=True InitialNamesAccepted: the initial names have been accepted
  $ kubectl api-resources --api-group=stable.example.com -o wide
  NAME       SHORTNAMES   APIVERSION              NAMESPACED   KIND      VERBS                                                        CATEGORIES
  crontabs   ct           stable.example.com/v1   true         CronTab   delete,deletecollection,get,list,patch,create,update,watch   all
  $ kubectl get apiservices v1.stable.example.com
  NAME                    SERVICE   AVAILABLE   AGE
  v1.stable.example.com   Local     True        0s
  $ kubectl get crontabs
  No resources found in default namespace.
  $ kubectl apply -f cr.yaml
  crontab.stable.example.com/my-cron created
  $ kubectl apply -f cr.yaml
  crontab.stable.example.com/my-cron unchanged
  $ kubectl get ct
  NAME      SPEC          REPLICAS   AGE
  my-cron   * * * * */5   1          0s
  $ kubectl get crontab -o wide
  NAME      SPEC          REPLICAS   IMAGE      AGE
  my-cron   * * * * */5   1          my-image   0s
  $ kubectl get all
  NAME                 TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE
  service/kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   2m
  
  NAME                                 SPEC          REPLICAS   AGE
  crontab.stable.example.com/my-cron   * * * * */5   1          0s
  $ kubectl get ct my-cron -o jsonpath='{.spec}{"\n"}'
  {"any":{"deep":{"false":1}},"cronSpec":"* * * * */5","image":"my-image","replicas":1}
  $ kubectl describe ct my-cron | grep -v -e UID -e 'Resource Version'
  Name:         my-cron
  Namespace:    default
  Labels:       a=b
  Annotations:  <none>
  API Version:  stable.example.com/v1
  Kind:         CronTab
  Metadata:
    Creation Timestamp:  2026-01-01T00:00:00Z
    Generation:          1
  Spec:
    Any:
      Deep:
        False:  1
    Cron Spec:  * * * * */5
    Image:      my-image
    Replicas:   1
  Events:       <none>
  $ kubectl explain crontab.spec
  GROUP:      stable.example.com
  KIND:       CronTab
  VERSION:    v1
  
  FIELD: spec <Object>
  
  
  DESCRIPTION:
      What is wanted.
      
  FIELDS:
    any	<Object>
      <no description>
  
    color	<string>
    enum: red, blue
      <no description>
  
    cronSpec	<string> -required-
      When.
  
    hosts	<[]string>
      <no description>
  
    image	<string>
      <no description>
  
    port	<Object>
      <no description>
  
    replicas	<integer>
      <no description>
  
  
  $ kubectl explain ct.spec.replicas
  GROUP:      stable.example.com
  KIND:       CronTab
  VERSION:    v1
  
  FIELD: replicas <integer>
  
  
  DESCRIPTION:
      <empty>
  
  $ kubectl apply -f bad.yaml
  The CronTab "bad" is invalid: 
  * spec.color: Unsupported value: "green": supported values: "red", "blue"
  * spec.cronSpec: Invalid value: "x": spec.cronSpec in body should match '^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$'
  * spec.hosts[3]: Invalid value: "integer": spec.hosts[3] in body must be of type string: "integer"
  * spec.hosts: Too many: 4: must have at most 2 items
  * spec.image: Too long: may not be more than 20 bytes
  * spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"
  * spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1
  [1]
  $ kubectl apply -f unknown.yaml
  Error from server (BadRequest): error when creating "unknown.yaml": CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "metadata.foo", unknown field "spec.imagee", unknown field "spec.status"
  [1]
  $ kubectl apply -f unknown.yaml --validate=warn
  Warning: unknown field "metadata.foo"
  Warning: unknown field "spec.imagee"
  Warning: unknown field "spec.status"
  crontab.stable.example.com/unk created
  $ kubectl get ct unk -o jsonpath='{.spec}{"\n"}'
  {"cronSpec":"* * * * *","replicas":1}
  $ kubectl delete ct unk
  crontab.stable.example.com "unk" deleted
  $ kubectl patch ct my-cron --type merge -p '{"spec":{"replicas":3}}'
  crontab.stable.example.com/my-cron patched
  $ kubectl patch ct my-cron -p '{"spec":{"replicas":3}}'
  error: application/strategic-merge-patch+json is not supported by stable.example.com/v1, Kind=CronTab: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml
  [1]
  $ kubectl patch ct my-cron --type merge -p '{"spec":{"replicas":30}}'
  The CronTab "my-cron" is invalid: spec.replicas: Invalid value: 30: spec.replicas in body should be less than or equal to 10
  [1]
  $ kubectl patch ct my-cron --type merge -p '{"spec":{"replicass":30}}'
  Warning: unknown field "spec.replicass"
  crontab.stable.example.com/my-cron patched (no change)
  $ kubectl patch ct my-cron --type json -p '[{"op":"replace","path":"/spec/replicas","value":"x"}]'
  The CronTab "my-cron" is invalid: spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"
  [1]
  $ kubectl scale ct my-cron --replicas=5
  crontab.stable.example.com/my-cron scaled
  $ kubectl patch ct my-cron --subresource=status --type merge -p '{"status":{"replicas":3,"labelSelector":"a=b"},"spec":{"replicas":7}}'
  crontab.stable.example.com/my-cron patched
  $ kubectl get ct my-cron -o jsonpath='{.spec.replicas} {.status} {.metadata.generation}{"\n"}'
  5 {"labelSelector":"a=b","replicas":3} 3
  $ kubectl get --raw /apis/stable.example.com/v1/namespaces/default/crontabs/my-cron/scale | grep -o '"spec".*'
  "spec":{"replicas":5},"status":{"replicas":3,"selector":"a=b"}}
  $ kubectl label ct my-cron tier=x
  crontab.stable.example.com/my-cron labeled
  $ kubectl apply --server-side -f cr.yaml
  crontab.stable.example.com/my-cron serverside-applied
  $ kubectl get ct -l tier=x
  NAME      SPEC          REPLICAS   AGE
  my-cron   * * * * */5   5          0s
  $ kubectl get ct --field-selector spec.color=red
  Error from server (BadRequest): Unable to find "stable.example.com/v1, Resource=crontabs" that match label selector "", field selector "spec.color=red": "spec.color" is not a known field selector: only "metadata.name", "metadata.namespace"
  [1]
  $ kubectl rollout status ct/my-cron
  error: no kind "CronTab" is registered for version "stable.example.com/v1" in scheme "pkg/scheme/scheme.go:28"
  [1]
  $ kubectl auth can-i create crontabs
  yes
  $ kubectl diff -f cr.yaml
  $ kubectl delete -f cr.yaml
  crontab.stable.example.com "my-cron" deleted
  $ kubectl create -f cr.yaml
  crontab.stable.example.com/my-cron created
  $ kubectl delete crd crontabs.stable.example.com
  customresourcedefinition.apiextensions.k8s.io "crontabs.stable.example.com" deleted
  $ kubectl get ct
  error: the server doesn't have a resource type "ct"
  [1]
  $ kubectl get apiservices v1.stable.example.com
  Error from server (NotFound): apiservices.apiregistration.k8s.io "v1.stable.example.com" not found
  [1]
  $ kubectl apply -f cr.yaml
  error: resource mapping not found for name: "my-cron" namespace: "" from "cr.yaml": no matches for kind "CronTab" in version "stable.example.com/v1"
  ensure CRDs are installed first
  [1]
