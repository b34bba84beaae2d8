Strategic merge patches that kubectl applies itself come out as the server's do: their orders, their directives, their refusals.

  $ printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p, finalizers: [a/a, b/b, c/c], annotations: {x: "1"}}\nspec:\n  containers:\n  - {name: a, image: nginx, env: [{name: A, value: "1"}]}\n  - {name: b, image: redis}\n  - {name: d, image: mysql}\n' > p.yaml
  $ containers() { kubectl patch --local -f p.yaml -o jsonpath='{.spec.containers[*].name} {.spec.containers[*].image}{"\n"}' -p "$1"; }
  $ containers '{"spec":{"containers":[{"name":"c","image":"q"}]}}'
  c a b d q nginx redis mysql
  $ containers '{"spec":{"containers":[{"name":"a","$patch":"delete"},{"name":"c","image":"q"}]}}'
  c b d q redis mysql
  $ containers '{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"c"}],"containers":[{"name":"c","image":"q"},{"name":"a","$patch":"delete"}]}}'
  b d c redis mysql q
  $ containers '{"spec":{"$setElementOrder/containers":[{"name":"d"},{"name":"b"},{"name":"a"}]}}'
  d b a mysql redis nginx
  $ containers '{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}}'
  error: The order in patch list:
  [map[image:1 name:a] map[image:2 name:b]]
   doesn't match $setElementOrder list:
  [map[name:b] map[name:a]]
  [1]
  $ containers '{"spec":{"containers":[{"name":"a","$patch":"foo"}]}}'
  error: unknown patch type: foo in map: map[$patch:foo name:a]
  [1]
  $ containers '{"spec":{"containers":[{"image":"q"}]}}'
  error: map: map[image:q] does not contain declared merge key: name
  [1]
  $ metadata() { kubectl patch --local -f p.yaml -o jsonpath='{.metadata.finalizers} {.metadata.annotations} {.metadata.labels}{"\n"}' -p "$1"; }
  $ metadata '{"metadata":{"finalizers":["d/d","a/a"]}}'
  ["d/d","a/a","b/b","c/c"] {"x":"1"} 
  $ metadata '{"metadata":{"$setElementOrder/finalizers":["c/c","a/a","d/d"],"finalizers":["d/d"]}}'
  ["b/b","c/c","a/a","d/d"] {"x":"1"} 
  $ metadata '{"metadata":{"$deleteFromPrimitiveList/finalizers":["b/b"],"annotations":null,"labels":{"q":"w","e":null}}}'
  ["a/a","c/c"]  {"q":"w"}
