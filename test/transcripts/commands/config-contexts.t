Contexts as the task page "Configure Access to Multiple Clusters" has them. Files need not be there to be named.

  $ kubectl config --kubeconfig=config-demo set-cluster development --server=https://1.2.3.4 --certificate-authority=fake-ca-file
  Cluster "development" set.
  $ kubectl config --kubeconfig=config-demo set-credentials developer --client-certificate=fake-cert-file --client-key=fake-key-seefile
  User "developer" set.
  $ kubectl config --kubeconfig=config-demo set-context dev-frontend --cluster=development --namespace=frontend --user=developer
  Context "dev-frontend" created.
  $ kubectl config --kubeconfig=config-demo use-context dev-frontend
  Switched to context "dev-frontend".
  $ kubectl config --kubeconfig=config-demo view --minify
  apiVersion: v1
  clusters:
  - cluster:
      certificate-authority: fake-ca-file
      server: https://1.2.3.4
    name: development
  contexts:
  - context:
      cluster: development
      namespace: frontend
      user: developer
    name: dev-frontend
  current-context: dev-frontend
  kind: Config
  preferences: {}
  users:
  - name: developer
    user:
      client-certificate: fake-cert-file
      client-key: fake-key-seefile
  $ kubectl config --kubeconfig=config-demo set-credentials x --embed-certs --client-key=nosuch
  error: could not stat client-key file nosuch: stat nosuch: no such file or directory
  [1]

A context that names no cluster there is: client-go asks localhost:8080. (Which cluster's state a file is has no say then.)
  $ export PODSIM_HOME=$PWD/home; unset PODSIM_STATE
  $ kubectl create ns dev
  namespace/dev created
  $ kubectl config set-context dev --cluster=misspelt --namespace=dev
  Context "dev" created.
  $ kubectl --context=dev get pods
  The connection to the server localhost:8080 was refused - did you specify the right host or port?
  [1]
  $ podsim --context=dev clock advance 1s
  error: context "dev" names cluster "misspelt", which the configuration has not
  [1]
  $ kubectl config set-context dev --cluster=default && kubectl --context=dev get pods
  Context "dev" modified.
  No resources found in dev namespace.
  $ kubectl config delete-context default
  warning: this removed your active context, use "kubectl config use-context" to select a different one
  deleted context default from */home/config (glob)
  $ kubectl get pods
  Error in configuration: context was not found for specified context: default
  [1]
  $ kubectl config use-context dev && kubectl get pods
  Switched to context "dev".
  No resources found in dev namespace.
