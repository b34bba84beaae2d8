Definitions with several versions, for the whole cluster, and in each other's way.

  $ cat > crds.yaml <<'EOF'
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata: {name: shirts.x.example.com}
  > spec:
  >   group: x.example.com
  >   scope: Cluster
  >   names: {plural: shirts, kind: Shirt}
  >   versions:
  >   - name: v1beta1
  >     served: true
  >     storage: false
  >     deprecated: true
  >     schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: string}}}}}}
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
  >               size: {type: string, default: M}
  >               tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
  >               parts:
  >                 type: array
  >                 x-kubernetes-list-type: map
  >                 x-kubernetes-list-map-keys: [name]
  >                 items: {type: object, required: [name], properties: {name: {type: string}, count: {type: integer}}}
  >           status: {type: object, properties: {count: {type: integer}}}
  >     selectableFields:
  >     - jsonPath: .spec.size
  > ---
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata: {name: tees.x.example.com}
  > spec:
  >   group: x.example.com
  >   scope: Namespaced
  >   names: {plural: tees, kind: Shirt}
  >   versions:
  >   - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
  > EOF
  $ cat > shirts.yaml <<'EOF'
  > apiVersion: x.example.com/v1
  > kind: Shirt
  > metadata: {name: one}
  > spec: {tags: [a, b], parts: [{name: x}]}
  > ---
  > apiVersion: x.example.com/v1beta1
  > kind: Shirt
  > metadata: {name: two}
  > spec: {size: L}
  > EOF
  $ cat > twice.yaml <<'EOF'
  > apiVersion: x.example.com/v1
  > kind: Shirt
  > metadata: {name: dup}
  > spec: {size: null, tags: [a, a], parts: [{name: x}, {name: x}, {count: 1.5}]}
  > EOF
  $ cat > held.yaml <<'EOF'
  > apiVersion: x.example.com/v1
  > kind: Shirt
  > metadata: {name: held, finalizers: [x.example.com/wait]}
  > EOF
  $ kubectl apply -f crds.yaml
  customresourcedefinition.apiextensions.k8s.io/shirts.x.example.com created
  customresourcedefinition.apiextensions.k8s.io/tees.x.example.com created
  $ kubectl get crd tees.x.example.com -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{"\n"}{end}'
  NamesAccepted=False ListKindConflict: "ShirtList" is already in use
  Established=False NotAccepted: not all names are accepted
  $ kubectl api-resources --api-group=x.example.com
  NAME     SHORTNAMES   APIVERSION         NAMESPACED   KIND
  shirts                x.example.com/v1   false        Shirt
  $ kubectl apply -f shirts.yaml
  shirt.x.example.com/one created
  Warning: x.example.com/v1beta1 Shirt is deprecated
  shirt.x.example.com/two created
  $ kubectl get shirts
  NAME   AGE
  one    0s
  two    0s
  $ kubectl get shirts.v1beta1.x.example.com one -o jsonpath='{.apiVersion} {.spec}{"\n"}'
  Warning: x.example.com/v1beta1 Shirt is deprecated
  x.example.com/v1beta1 {"size":"M"}
  $ kubectl get shirts two -o jsonpath='{.apiVersion} {.spec}{"\n"}'
  x.example.com/v1 {"size":"L"}
  $ kubectl get shirts --field-selector spec.size=L
  NAME   AGE
  two    0s
  $ kubectl apply -f twice.yaml
  The Shirt "dup" is invalid: 
  * spec.parts[2].count: Invalid value: "number": spec.parts[2].count in body must be of type integer: "number"
  * spec.parts[2].name: Required value
  * spec.parts[1]: Duplicate value: map[string]interface {}{"name":"x"}
  * spec.tags[1]: Duplicate value: "a"
  [1]
  $ kubectl patch shirt one --type merge -p '{"spec":{"size":null}}'
  shirt.x.example.com/one patched (no change)
  $ kubectl scale shirt one --replicas=2
  Error from server (NotFound): the server could not find the requested resource
  [1]
  $ kubectl create configmap owned
  configmap/owned created
  $ kubectl patch cm owned -p "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"x.example.com/v1\",\"kind\":\"Shirt\",\"name\":\"two\",\"uid\":\"$(kubectl get shirt two -o jsonpath={.metadata.uid})\"}]}}"
  configmap/owned patched
  $ kubectl delete shirt two
  shirt.x.example.com "two" deleted
  $ kubectl get cm owned
  Error from server (NotFound): configmaps "owned" not found
  [1]
  $ kubectl create -f held.yaml
  shirt.x.example.com/held created
  $ kubectl delete crd shirts.x.example.com --wait=false
  customresourcedefinition.apiextensions.k8s.io "shirts.x.example.com" deleted
  $ kubectl get crd shirts.x.example.com -o jsonpath='{.metadata.finalizers} {.status.conditions[2].reason}{"\n"}'
  ["customresourcecleanup.apiextensions.k8s.io"] InstanceDeletionInProgress
  $ kubectl api-resources --api-group=x.example.com -o wide
  NAME     SHORTNAMES   APIVERSION         NAMESPACED   KIND    VERBS                                    CATEGORIES
  shirts                x.example.com/v1   false        Shirt   delete,deletecollection,get,list,watch   
  $ kubectl get shirts
  NAME   AGE
  held   0s
  $ kubectl create -f held.yaml
  Error from server (MethodNotAllowed): error when creating "held.yaml": create is not supported on resources of kind "shirts.x.example.com"
  [1]
  $ kubectl patch shirt held --type merge -p '{"metadata":{"finalizers":null}}'
  shirt.x.example.com/held patched
  $ tick 10s
  $ kubectl get crd
  NAME                 CREATED AT
  tees.x.example.com   2026-01-01T00:00:00Z
  $ kubectl get shirts
  error: the server doesn't have a resource type "shirts"
  [1]
