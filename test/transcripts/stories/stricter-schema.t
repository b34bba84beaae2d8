# A custom resource that a stricter schema would refuse may be changed as long as what is wrong with it stays as it was. A real server's answers.

  $ cat > crd.yaml <<'END'
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata: {name: apps.shop.example}
  > spec:
  >   group: shop.example
  >   names: {plural: apps, singular: app, kind: App}
  >   scope: Namespaced
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
  >               size: {type: integer}
  >               name: {type: string}
  >               tags: {type: array, items: {type: string}}
  >               ports:
  >                 type: array
  >                 x-kubernetes-list-type: map
  >                 x-kubernetes-list-map-keys: [port]
  >                 items:
  >                   type: object
  >                   required: [port]
  >                   properties: {port: {type: integer}, name: {type: string}}
  > END
  $ kubectl apply -f crd.yaml && kubectl wait --for=condition=Established crd/apps.shop.example
  customresourcedefinition.apiextensions.k8s.io/apps.shop.example created
  customresourcedefinition.apiextensions.k8s.io/apps.shop.example condition met
  $ cat > app.yaml <<'END'
  > apiVersion: shop.example/v1
  > kind: App
  > metadata: {name: a}
  > spec: {size: 0, name: x, tags: [a, bb], ports: [{port: 1, name: p}, {port: 2, name: qq}]}
  > END
  $ kubectl create -f app.yaml
  app.shop.example/a created
  $ sed -e 's/size: {type: integer}/size: {type: integer, minimum: 1}/' -e 's/{type: string}/{type: string, minLength: 2}/' crd.yaml | kubectl apply -f -
  customresourcedefinition.apiextensions.k8s.io/apps.shop.example configured
  $ kubectl label apps a x=y
  app.shop.example/a labeled
  $ kubectl patch apps a --type=merge -p '{"spec":{"name":"yy"}}'
  app.shop.example/a patched
  $ kubectl patch apps a --type=merge -p '{"spec":{"size":-1}}'
  The App "a" is invalid: spec.size: Invalid value: -1: spec.size in body should be greater than or equal to 1
  [1]
  $ kubectl patch apps a --type=merge -p '{"spec":{"tags":["a","cc"]}}'
  The App "a" is invalid: spec.tags[0]: Invalid value: "a": spec.tags[0] in body should be at least 2 chars long
  [1]
  $ kubectl patch apps a --type=json -p '[{"op":"replace","path":"/spec/ports/1/name","value":"rr"}]'
  app.shop.example/a patched
  $ kubectl patch apps a --type=json -p '[{"op":"replace","path":"/spec/ports/1/name","value":"r"}]'
  The App "a" is invalid: spec.ports[1].name: Invalid value: "r": spec.ports[1].name in body should be at least 2 chars long
  [1]
  $ kubectl patch apps a --type=json -p '[{"op":"add","path":"/spec/ports/-","value":{"port":3,"name":"s"}}]'
  The App "a" is invalid: spec.ports[2].name: Invalid value: "s": spec.ports[2].name in body should be at least 2 chars long
  [1]
  $ kubectl patch apps a --type=merge -p '{"spec":{"ports":[{"port":2,"name":"rr"},{"port":1,"name":"p"}]}}'
  app.shop.example/a patched
  $ kubectl get apps a -o jsonpath='{.spec}{"\n"}'
  {"name":"yy","ports":[{"name":"rr","port":2},{"name":"p","port":1}],"size":0,"tags":["a","bb"]}
