# The pods of the control plane can be asked what a CKA exercise asks them.

  $ kubectl logs -n kube-system kube-scheduler-podsim-control-plane | cut -d']' -f2- | head -2
   Generated self-signed cert in-memory
   "Starting Kubernetes Scheduler" version="v1.33.1"
  $ kubectl exec -n kube-system etcd-podsim-control-plane -- etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key snapshot save /var/lib/etcd/before.db 2>/dev/null
  Snapshot saved at /var/lib/etcd/before.db
  $ kubectl exec -n kube-system etcd-podsim-control-plane -- sh -c 'ETCDCTL_API=3 etcdctl --cacert=ca --cert=cert --key=key member list'
  8e9e05c52164694d, started, podsim-control-plane, https://172.18.0.2:2380, https://172.18.0.2:2379, false
  $ kubectl exec -n kube-system kube-apiserver-podsim-control-plane -- kube-apiserver --version
  Kubernetes v1.33.1
  $ kubectl exec -n kube-system etcd-podsim-control-plane -- sh -c 'ETCDCTL_CACERT=ca ETCDCTL_CERT=cert ETCDCTL_KEY=key etcdctl endpoint health'
  127.0.0.1:2379 is healthy: successfully committed proposal: took = 8.112ms
  $ kubectl exec -n kube-system etcd-podsim-control-plane -- sh -c 'etcdutl defrag --data-dir /tmp/x; echo $?'
  podsim: etcdutl defrag is not simulated; it does nothing
  1

A snapshot can be asked what it holds.

  $ kubectl exec -n kube-system etcd-podsim-control-plane -- sh -c 'etcdutl snapshot status /var/lib/etcd/before.db; etcdctl snapshot status /var/lib/etcd/before.db'
  [0-9a-f]+, \d+, \d+, \d.\d MB (re)
  Deprecated: Use `etcdutl snapshot status` instead.
  
  [0-9a-f]+, \d+, \d+, \d.\d MB (re)

# What kubeadm lets its own components do.

  $ kubectl describe clusterrole system:coredns | tail -5 | awk '{print $1, $4, $5}'
  endpoints [list watch]
  namespaces [list watch]
  pods [list watch]
  services [list watch]
  endpointslices.discovery.k8s.io [list watch]
  $ kubectl get rolebindings -A --no-headers | awk '/kubeadm|kube-proxy/ {print $1, $2, $3}'
  kube-public kubeadm:bootstrap-signer-clusterinfo Role/kubeadm:bootstrap-signer-clusterinfo
  kube-system kube-proxy Role/kube-proxy
  kube-system kubeadm:kubelet-config Role/kubeadm:kubelet-config
  kube-system kubeadm:nodes-kubeadm-config Role/kubeadm:nodes-kubeadm-config
  $ kubectl get clusterrolebinding kubeadm:node-proxier -o jsonpath='{.roleRef.name} {.subjects[0].name}{"\n"}'
  system:node-proxier kube-proxy
