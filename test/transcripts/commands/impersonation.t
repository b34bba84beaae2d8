What is done with --as is done by somebody else: a signing request says whose it is.

  $ openssl req -new -newkey rsa:2048 -nodes -keyout jane.key -subj /CN=jane/O=dev -out jane.csr 2>/dev/null
  $ request() { printf '%s\n' 'apiVersion: certificates.k8s.io/v1' 'kind: CertificateSigningRequest' "metadata: {name: $1}" "spec: {request: $(base64 -w0 jane.csr), signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}"; }
  $ kubectl create clusterrolebinding everybody --clusterrole=cluster-admin --group=system:authenticated
  clusterrolebinding.rbac.authorization.k8s.io/everybody created
  $ request one | kubectl create -f - --as=jane --as-group=dev --as-group=ops --as-uid=7
  certificatesigningrequest.certificates.k8s.io/one created
  $ request two | kubectl create -f - --as=root --as-group=system:masters
  certificatesigningrequest.certificates.k8s.io/two created
  $ request three | kubectl create -f -
  certificatesigningrequest.certificates.k8s.io/three created
  $ kubectl get csr one two three -o jsonpath='{range .items[*]}{.spec.username} {.spec.uid} {.spec.groups}{"\n"}{end}'
  jane 7 ["dev","ops","system:authenticated"]
  root  ["system:masters","system:authenticated"]
  kubernetes-admin  ["kubeadm:cluster-admins","system:authenticated"]
  $ kubectl get csr one --no-headers | awk '{print $1, $3, $4, $6}'
  one kubernetes.io/kube-apiserver-client jane Pending
