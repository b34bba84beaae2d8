# What a Pod Security Standard would say of every namespace there is: the control plane's pods use the node's network and its files.

  $ kubectl label --dry-run=server --overwrite ns --all pod-security.kubernetes.io/enforce=privileged
  namespace/default labeled (server dry run)
  namespace/kube-node-lease labeled (server dry run)
  namespace/kube-public labeled (server dry run)
  namespace/kube-system labeled (server dry run)
  $ kubectl label --dry-run=server --overwrite ns --all pod-security.kubernetes.io/enforce=baseline
  namespace/default labeled (server dry run)
  namespace/kube-node-lease labeled (server dry run)
  namespace/kube-public labeled (server dry run)
  Warning: existing pods in namespace "kube-system" violate the new PodSecurity enforce level "baseline:latest"
  Warning: etcd-podsim-control-plane (and 3 other pods): host namespaces, hostPath volumes
  Warning: kube-flannel-ds-?????: non-default capabilities, host namespaces, hostPath volumes (glob)
  Warning: kube-proxy-?????: host namespaces, hostPath volumes, privileged (glob)
  namespace/kube-system labeled (server dry run)

# Static pods mount what kubeadm's manifests name, and say when they are ready.

  $ kubectl -n kube-system get pod etcd-podsim-control-plane -o jsonpath='{range .spec.volumes[*]}{.name} {.hostPath.path} {.hostPath.type}{"\n"}{end}'
  etcd-certs /etc/kubernetes/pki/etcd DirectoryOrCreate
  etcd-data /var/lib/etcd DirectoryOrCreate
  $ kubectl -n kube-system describe pod kube-apiserver-podsim-control-plane | sed -n '/Liveness/,/Volumes/p'
      Liveness:     http-get https://172.18.0.2:6443/livez delay=10s timeout=15s period=10s #success=1 #failure=8
      Readiness:    http-get https://172.18.0.2:6443/readyz delay=0s timeout=15s period=1s #success=1 #failure=3
      Startup:      http-get https://172.18.0.2:6443/livez delay=10s timeout=15s period=10s #success=1 #failure=24
      Environment:  <none>
      Mounts:
        /etc/ca-certificates from etc-ca-certificates (ro)
        /etc/kubernetes/pki from k8s-certs (ro)
        /etc/ssl/certs from ca-certs (ro)
        /usr/local/share/ca-certificates from usr-local-share-ca-certificates (ro)
        /usr/share/ca-certificates from usr-share-ca-certificates (ro)
  Conditions:
    Type                        Status
    PodReadyToStartContainers   True 
    Initialized                 True 
    Ready                       True 
    ContainersReady             True 
    PodScheduled                True 
  Volumes:
