kustomize's own plugins, configured in files, in directories and on the spot; definitions of custom kinds say where names stand.

  $ mkdir base plugins && cat > base/web.yaml <<'END'
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata: {name: web}
  > spec:
  >   selector: {matchLabels: {app: web}}
  >   template:
  >     metadata: {labels: {app: web}}
  >     spec: {containers: [{name: c, image: "nginx:1.26", envFrom: [{configMapRef: {name: made}}]}]}
  > ---
  > apiVersion: v1
  > kind: Service
  > metadata: {name: web}
  > spec: {ports: [{port: 80}]}
  > END
  $ cat > plugins/kustomization.yaml <<'END'
  > resources: [replicas.yaml]
  > END
  $ cat > plugins/replicas.yaml <<'END'
  > apiVersion: builtin
  > kind: ReplicaCountTransformer
  > metadata: {name: r}
  > replica: {name: web, count: 3}
  > fieldSpecs: [{kind: Deployment, path: spec/replicas, create: true}]
  > END
  $ cat > base/patch.yaml <<'END'
  > apiVersion: builtin
  > kind: PatchTransformer
  > metadata: {name: p}
  > target: {kind: Service}
  > patch: '[{"op": "add", "path": "/spec/type", "value": "NodePort"}]'
  > END
  $ cat > base/kustomization.yaml <<'END'
  > resources: [web.yaml]
  > namePrefix: a-
  > generators:
  > - |-
  >   apiVersion: builtin
  >   kind: ConfigMapGenerator
  >   metadata: {name: made}
  >   literals: [k=v]
  > transformers:
  > - ../plugins
  > - patch.yaml
  > - |-
  >   apiVersion: builtin
  >   kind: LabelTransformer
  >   metadata: {name: l}
  >   labels: {team: red}
  >   fieldSpecs: [{path: metadata/labels, create: true}]
  > END
  $ kubectl kustomize base
  apiVersion: v1
  data:
    k: v
  kind: ConfigMap
  metadata:
    labels:
      team: red
    name: a-made-bdg947hgcc
  ---
  apiVersion: v1
  kind: Service
  metadata:
    labels:
      team: red
    name: a-web
  spec:
    ports:
    - port: 80
    type: NodePort
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    labels:
      team: red
    name: a-web
  spec:
    replicas: 3
    selector:
      matchLabels:
        app: web
    template:
      metadata:
        labels:
          app: web
      spec:
        containers:
        - envFrom:
          - configMapRef:
              name: a-made-bdg947hgcc
          image: nginx:1.26
          name: c
  $ mkdir other && printf 'transformers:\n- |-\n  apiVersion: example.com/v1\n  kind: Own\n  metadata: {name: x}\n' > other/kustomization.yaml && kubectl kustomize other
  error: external plugins disabled; unable to load external plugin 'Own'
  [1]
  $ printf 'generators:\n- |-\n  apiVersion: builtin\n  kind: Own\n  metadata: {name: x}\n' > other/kustomization.yaml && kubectl kustomize other
  error: loading generator plugins: failed to load generator: unable to load builtin Own.builtin.[noGrp]
  [1]
  $ printf 'resources: [https://localhost:39999/x.yaml]\n' > other/kustomization.yaml && kubectl kustomize other
  error: accumulating resources: accumulation err='accumulating resources from 'https://localhost:39999/x.yaml': Get "https://localhost:39999/x.yaml": dial tcp 127.0.0.1:39999: connect: connection refused': must build at directory: not a valid directory: evalsymlink failure on '*/other/https:/localhost:39999/x.yaml' : lstat */other/https:: no such file or directory (glob)
  [1]

  $ mkdir crds && cat > crds/kustomization.yaml <<'END'
  > resources: [bee.yaml]
  > crds: [types.json]
  > nameSuffix: -x
  > commonAnnotations: {by: me}
  > secretGenerator: [{name: honey, literals: [a=b]}]
  > END
  $ printf 'apiVersion: v1beta1\nkind: Bee\nmetadata: {name: bee}\nspec: {secretRef: {name: honey}, other: {name: honey}}\n' > crds/bee.yaml
  $ cat > crds/types.json <<'END'
  > {"example.com/v1beta1.Bee": {"Schema": {"properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"$ref": "x"}, "spec": {"$ref": "example.com/v1beta1.BeeSpec"}}}},
  >  "example.com/v1beta1.BeeSpec": {"Schema": {"properties": {"secretRef": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "Secret"}}}}}
  > END
  $ kubectl kustomize crds | grep -A5 spec:
  spec:
    other:
      name: honey
    secretRef:
      name: honey-x-k695gkmbtk
