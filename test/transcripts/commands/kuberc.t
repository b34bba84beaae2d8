With KUBECTL_KUBERC=true the kuberc file gives commands other names and flags other defaults.

  $ cat > kuberc <<'END'
  > apiVersion: kubectl.config.k8s.io/v1alpha1
  > kind: Preference
  > overrides:
  > - command: create configmap
  >   flags: [{name: output, default: name}, {name: dry-run, default: client}]
  > aliases:
  > - name: nsname
  >   command: get
  >   prependArgs: [namespace]
  >   appendArgs: [--no-headers]
  >   flags: [{name: output, default: name}]
  > - name: get
  >   command: describe
  > END
  $ kubectl nsname --kuberc=kuberc
  error: unknown command "nsname" for "kubectl"
  [1]
  $ export KUBECTL_KUBERC=true; kubectl nsname default --kuberc=kuberc; kubectl nsname default -o jsonpath='{.metadata.name}{"\n"}' --kuberc kuberc
  namespace/default
  default
  $ export KUBECTL_KUBERC=true; kubectl create configmap c --kuberc=kuberc; kubectl create configmap c -o jsonpath='{.kind}{"\n"}' --kuberc=kuberc; kubectl get configmap c --kuberc=kuberc
  configmap/c
  ConfigMap
  Error from server (NotFound): configmaps "c" not found
  [1]
  $ mkdir -p home/.kube && cp kuberc home/.kube/ && KUBECTL_KUBERC=true HOME=$PWD/home kubectl nsname default
  namespace/default
  $ export KUBECTL_KUBERC=true; kubectl get ns --kuberc=none; printf 'apiVersion: kubectl.config.k8s.io/v1alpha1\nkind: Preference\naliases: [{name: a1, command: get}]\n' > odd; kubectl get ns --kuberc=odd
  error occurred while applying preferences kuberc error kuberc: open none: no such file or directory
  error occurred while applying preferences invalid alias name, can only include alphabetical characters
  [1]
  $ KUBECTL_KUBERC=false kubectl get ns --kuberc=kuberc
  error: unknown flag: --kuberc
  See 'kubectl get --help' for usage.
  [1]
