Definitions that keep what they do not name (x-kubernetes-preserve-unknown-fields): it may be applied, and is owned field by field.

  $ cat > crd.yaml <<'EOF'
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata: {name: bags.x.example.com}
  > spec:
  >   group: x.example.com
  >   scope: Namespaced
  >   names: {plural: bags, kind: Bag}
  >   versions:
  >   - name: v1
  >     served: true
  >     storage: true
  >     schema:
  >       openAPIV3Schema:
  >         type: object
  >         x-kubernetes-preserve-unknown-fields: true
  >         properties:
  >           config: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {size: {type: integer}}}
  >           any: {x-kubernetes-preserve-unknown-fields: true}
  > EOF
  $ kubectl apply -f crd.yaml
  customresourcedefinition.apiextensions.k8s.io/bags.x.example.com created
  $ kubectl wait --for=condition=Established crd/bags.x.example.com
  customresourcedefinition.apiextensions.k8s.io/bags.x.example.com condition met
  $ cat > bag.yaml <<'EOF'
  > apiVersion: x.example.com/v1
  > kind: Bag
  > metadata: {name: one}
  > any: 5
  > config: {size: 1, color: red, list: [a, {b: c}]}
  > spec: {key: value, deep: {er: 1}}
  > EOF
  $ kubectl apply --server-side --field-manager=me -f bag.yaml
  bag.x.example.com/one serverside-applied
  $ kubectl get bag one --show-managed-fields -o jsonpath='{.metadata.managedFields[0].fieldsV1}{"\n"}'
  {"f:any":{},"f:config":{"f:color":{},"f:list":{},"f:size":{}},"f:spec":{"f:deep":{"f:er":{}},"f:key":{}}}
  $ kubectl apply --server-side --field-manager=you -f - <<'EOF'
  > {"apiVersion": "x.example.com/v1", "kind": "Bag", "metadata": {"name": "one"}, "config": {"color": "blue", "mine": true}}
  > EOF
  error: Apply failed with 1 conflict: conflict with "me": .config.color
  Please review the fields above--they currently have other managers. Here
  are the ways you can resolve this warning:
  * If you intend to manage all of these fields, please re-run the apply
    command with the `--force-conflicts` flag.
  * If you do not intend to manage all of the fields, please edit your
    manifest to remove references to the fields that should keep their
    current managers.
  * You may co-own fields by updating your manifest to match the existing
    value; in this case, you'll become the manager if the other manager(s)
    stop managing the field (remove it from their configuration).
  See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
  [1]
  $ kubectl apply --server-side -f - <<'EOF'
  > {"apiVersion": "x.example.com/v1", "kind": "Bag", "metadata": {"name": "one"}, "config": {"size": "big"}}
  > EOF
  Error from server: failed to create typed patch object (default/one; x.example.com/v1, Kind=Bag): .config.size: expected numeric (int or float), got string
  [1]
