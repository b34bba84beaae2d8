Who is asked for a name can be said: the cluster's own names are known to CoreDNS alone.

  $ kubectl run old --image=busybox:1.28 -- sleep 1000 && kubectl run new --image=busybox:1.36 -- sleep 1000 && kubectl run tools --image=nicolaka/netshoot -- sleep 1000 && kubectl wait --for=condition=Ready pod --all >/dev/null
  pod/old created
  pod/new created
  pod/tools created
  $ kubectl exec old -- nslookup kubernetes.default 8.8.8.8
  nslookup: can't resolve 'kubernetes.default'
  Server:    8.8.8.8
  Address 1: 8.8.8.8
  
  command terminated with exit code 1
  [1]
  $ kubectl exec old -- nslookup kubernetes.default 10.96.0.10
  Server:    10.96.0.10
  Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local
  
  Name:      kubernetes.default
  Address 1: 10.96.0.1 kubernetes.default.svc.cluster.local
  $ kubectl exec new -- nslookup kubernetes.io 8.8.8.8 | head -4
  Server:		8.8.8.8
  Address:	8.8.8.8:53
  
  Name:	kubernetes.io
  $ kubectl exec new -- nslookup -type=a kubernetes.default.svc.cluster.local 1.1.1.1
  Server:		1.1.1.1
  Address:	1.1.1.1:53
  
  ** server can't find kubernetes.default.svc.cluster.local: NXDOMAIN
  
  command terminated with exit code 1
  [1]
  $ kubectl exec new -- nslookup -type=a kubernetes.default.svc.cluster.local kube-dns.kube-system | head -2
  Server:		kube-dns.kube-system
  Address:	10.96.0.10:53
  $ kubectl exec new -- nslookup kubernetes.default nobody.here
  nslookup: bad address 'nobody.here'
  command terminated with exit code 1
  [1]
  $ kubectl exec tools -- dig @8.8.8.8 kubernetes.default.svc.cluster.local +short; kubectl exec tools -- dig @10.96.0.10 kubernetes.default.svc.cluster.local +short; kubectl exec tools -- dig @$(kubectl get pods -n kube-system -l k8s-app=kube-dns -o jsonpath='{.items[0].status.podIP}') kubernetes.default.svc.cluster.local +short
  10.96.0.1
  10.96.0.1
  $ kubectl exec tools -- dig @$(kubectl get pod new -o jsonpath='{.status.podIP}') kubernetes.default.svc.cluster.local | tail -2
  command terminated with exit code 9
  ;; no servers could be reached
  
