A user whom the cluster has certified, as in every course: key, request, approval, kubeconfig, role.

  $ openssl genrsa -out jane.key 2048 2>/dev/null && openssl req -new -key jane.key -out jane.csr -subj /CN=jane/O=devs
  $ printf '{"apiVersion":"certificates.k8s.io/v1","kind":"CertificateSigningRequest","metadata":{"name":"jane"},"spec":{"request":"%s","signerName":"kubernetes.io/kube-apiserver-client","usages":["client auth"]}}' "$(base64 < jane.csr | tr -d '\n')" | kubectl apply -f -
  certificatesigningrequest.certificates.k8s.io/jane created
  $ kubectl certificate approve jane
  certificatesigningrequest.certificates.k8s.io/jane approved
  $ kubectl get csr jane -o jsonpath='{.status.certificate}' | base64 -d > jane.crt
  $ kubectl config set-credentials jane --client-key=jane.key --client-certificate=jane.crt --embed-certs=true
  User "jane" set.
  $ kubectl config set-context jane --cluster=default --user=jane
  Context "jane" created.
  $ kubectl config use-context jane
  Switched to context "jane".
  $ kubectl auth whoami
  ATTRIBUTE   VALUE
  Username    jane
  Groups      [devs system:authenticated]
  $ kubectl get pods
  Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"
  [1]
  $ kubectl --context=default create role reader --verb=get,list --resource=pods
  role.rbac.authorization.k8s.io/reader created
  $ kubectl --context=default create rolebinding devs --role=reader --group=devs
  rolebinding.rbac.authorization.k8s.io/devs created
  $ kubectl get pods
  No resources found in default namespace.
  $ kubectl auth can-i delete pods
  no
  [1]
Who comes with the wrong key, with a certificate of his own making, or without one:
  $ openssl genrsa -out other.key 2048 2>/dev/null && openssl req -x509 -new -key other.key -subj /CN=jane -days 1000 -out own.crt
  $ kubectl config set-credentials wrong --client-key=other.key --client-certificate=jane.crt && kubectl get pods --user=wrong
  User "wrong" set.
  error: tls: private key does not match public key
  [1]
  $ kubectl config set-credentials own --client-key=other.key --client-certificate=own.crt && kubectl get pods --user=own
  User "own" set.
  error: You must be logged in to the server (Unauthorized)
  [1]
  $ kubectl config set-credentials gone --client-key=other.key --client-certificate=gone.crt && kubectl get pods --user=gone
  User "gone" set.
  Error in configuration: unable to read client-cert */gone.crt for gone due to open */gone.crt: no such file or directory (glob)
  [1]
