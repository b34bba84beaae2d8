What a kustomization names and is not there. Texts compared with kubectl v1.33.

  $ echo 'configMapGenerator: [{name: c, files: [a/b]}]' > kustomization.yaml && kubectl kustomize .
  error: loading KV pairs: file sources: [a/b]: evalsymlink failure on '*/a/b' : lstat */a: no such file or directory (glob)
  [1]
  $ echo 'configMapGenerator: [{name: c, envs: [nope.env]}]' > kustomization.yaml && kubectl apply -k .
  error: loading KV pairs: env source files: [nope.env]: evalsymlink failure on '*/nope.env' : lstat */nope.env: no such file or directory (glob)
  [1]
  $ echo 'configMapGenerator: [{name: c, literals: [foo]}]' > kustomization.yaml && kubectl kustomize .
  error: loading KV pairs: literal sources [foo]: invalid literal source foo, expected key=value
  [1]
  $ echo 'secretGenerator: [{name: c, literals: [b=1, b=2]}]' > kustomization.yaml && kubectl kustomize .
  error: configmap c illegally repeats the key `b`
  [1]
  $ echo 'configMapGenerator: [{name: c, files: [x=y=z]}]' > kustomization.yaml && kubectl kustomize .
  error: loading KV pairs: file sources: [x=y=z]: source "x=y=z" key name or file path contains '='
  [1]
  $ echo 'patches: [{path: nope.yaml, target: {kind: Pod}}]' > kustomization.yaml && kubectl kustomize .
  error: trouble configuring builtin PatchTransformer with config: `
  path: nope.yaml
  target:
    kind: Pod
  `: failed to get the patch file from path(nope.yaml): evalsymlink failure on '*/nope.yaml' : lstat */nope.yaml: no such file or directory (glob)
  [1]
  $ echo 'patchesStrategicMerge: [nope.yaml]' > kustomization.yaml && kubectl kustomize . 2>&1 | head -2
  # Warning: 'patchesStrategicMerge' is deprecated. Please use 'patches' instead. Run 'kustomize edit fix' to update your Kustomization automatically.
  error: trouble configuring builtin PatchStrategicMergeTransformer with config: `
  $ echo 'resources: nope' > kustomization.yaml && kubectl kustomize .
  error: invalid Kustomization: json: cannot unmarshal string into Go struct field Kustomization.resources of type []string
  [1]
What podsim's kustomize has not it names:
  $ echo 'validators: [../x]' > kustomization.yaml && kubectl kustomize .
  error: podsim's kustomize does not support the field "validators"
  [1]
