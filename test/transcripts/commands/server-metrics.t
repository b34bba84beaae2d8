The API server counts what it keeps and what it has been asked since it was started; its checks can be listed, and left out.

  $ kubectl create configmap a && kubectl get --raw /metrics | grep 'apiserver_storage_objects\( \|{resource="\(namespaces\|deployments.apps\|nodes\)"\)'
  configmap/a created
  # HELP apiserver_storage_objects [STABLE] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.
  # TYPE apiserver_storage_objects gauge
  apiserver_storage_objects{resource="deployments.apps"} 2
  apiserver_storage_objects{resource="namespaces"} 4
  apiserver_storage_objects{resource="nodes"} 1
  $ kubectl get --raw /metrics | grep '^kube_apiserver\|^kubernetes_build_info'
  kube_apiserver_clusterip_allocator_allocated_ips{cidr="10.96.0.0/16"} 2
  kube_apiserver_clusterip_allocator_available_ips{cidr="10.96.0.0/16"} 65532
  kubernetes_build_info{build_date="2025-05-15T08:19:08Z",compiler="gc",git_commit="8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828",git_tree_state="clean",git_version="v1.33.1",go_version="go1.24.2",major="1",minor="33",platform="linux/amd64"} 1
  $ kubectl get --raw /metrics/slis | grep ping
  kubernetes_healthcheck{name="ping",type="healthz"} 1
  kubernetes_healthcheck{name="ping",type="livez"} 1
  kubernetes_healthcheck{name="ping",type="readyz"} 1
  $ kubectl get --raw /metrics --as=jane
  Error from server (Forbidden): forbidden: User "jane" cannot get path "/metrics"
  [1]
  $ kubectl get --raw '/livez?verbose&exclude=etcd&exclude=nothing' | grep -v poststarthook
  [+]ping ok
  [+]log ok
  [+]etcd excluded: ok
  [+]autoregister-completion ok
  warn: some health checks cannot be excluded: no matches for "nothing"
  livez check passed
