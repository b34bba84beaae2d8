A node's kubelet answers through the API server: health, its pods, what they use, its configuration, its logs.

  $ kubectl run web --image=nginx && kubectl wait --for=condition=Ready pod/web
  pod/web created
  pod/web condition met
  $ NODE=$(kubectl get pod web -o jsonpath={.spec.nodeName})
  $ kubectl get --raw "/api/v1/nodes/$NODE/proxy/healthz?verbose"
  [+]ping ok
  [+]log ok
  [+]syncloop ok
  healthz check passed
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/configz | jq -c '.kubeletconfig | {staticPodPath, port, authentication, clusterDNS, maxPods, evictionHard, failSwapOn}'
  {"staticPodPath":"/etc/kubernetes/manifests","port":10250,"authentication":{"x509":{"clientCAFile":"/etc/kubernetes/pki/ca.crt"},"webhook":{"enabled":true,"cacheTTL":"2m0s"},"anonymous":{"enabled":false}},"clusterDNS":["10.96.0.10"],"maxPods":110,"evictionHard":{"imagefs.available":"15%","imagefs.inodesFree":"5%","memory.available":"100Mi","nodefs.available":"10%","nodefs.inodesFree":"5%"},"failSwapOn":false}
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/stats/summary | head -5
  {
   "node": {
    "nodeName": "podsim-control-plane",
    "startTime": "*", (glob)
    "cpu": {
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/stats/summary | jq -c '.pods[] | select(.podRef.name == "web") | .containers[] | [.name, .cpu.usageNanoCores, .memory.workingSetBytes]'
  ["web",150000,6815744]
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/metrics/resource | grep -v kube-system | grep 'container_memory\|node_memory\|scrape'
  # HELP container_memory_working_set_bytes [STABLE] Current working set of the container in bytes
  # TYPE container_memory_working_set_bytes gauge
  container_memory_working_set_bytes{container="web",namespace="default",pod="web"} 6.815744e+06 * (glob)
  # HELP node_memory_working_set_bytes [STABLE] Current working set of the node in bytes
  # TYPE node_memory_working_set_bytes gauge
  node_memory_working_set_bytes 1.101529088e+09 * (glob)
  # HELP resource_scrape_error [STABLE] 1 if there was an error while getting container metrics, 0 otherwise
  # TYPE resource_scrape_error gauge
  resource_scrape_error 0
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/metrics | grep ^kubelet_
  kubelet_active_pods{static="false"} 6
  kubelet_active_pods{static="true"} 4
  kubelet_desired_pods{static="false"} 6
  kubelet_desired_pods{static="true"} 4
  kubelet_node_name{node="podsim-control-plane"} 1
  kubelet_running_containers{container_state="running"} 10
  kubelet_running_pods 10
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/metrics/cadvisor | grep '^container_memory_usage_bytes{container="web"' | sed 's/id="[^"]*",//; s/name="[0-9a-f]*",//'
  container_memory_usage_bytes{container="web",image="*",namespace="default",pod="web"} 6.815744e+06 * (glob)
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/pods | jq -r '.kind, (.items[] | select(.metadata.namespace == "default") | .metadata.name)'
  PodList
  web
  $ kubectl get --raw "/api/v1/nodes/$NODE/proxy/containerLogs/default/web/web?tail=1"
  * start worker process * (glob)
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/logs/
  <!doctype html>
  <meta name="viewport" content="width=device-width">
  <pre>
  <a href="containers/">containers/</a>
  <a href="journal/">journal/</a>
  <a href="pods/">pods/</a>
  </pre>

What a kubelet does not serve, whom it is not for, and a node that is not there.

  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/nothing
  Error from server (NotFound): the server could not find the requested resource
  [1]
  $ kubectl get --raw /api/v1/nodes/$NODE/proxy/healthz --as=jane
  Error from server (Forbidden): nodes "podsim-control-plane" is forbidden: User "jane" cannot get resource "nodes/proxy" in API group "" at the cluster scope
  [1]
  $ kubectl create clusterrole reader --verb=get --resource=nodes/proxy && kubectl create clusterrolebinding jane --clusterrole=reader --user=jane
  clusterrole.rbac.authorization.k8s.io/reader created
  clusterrolebinding.rbac.authorization.k8s.io/jane created
  $ kubectl get --raw /api/v1/nodes/https:$NODE:10250/proxy/healthz --as=jane && echo
  ok
  $ kubectl get --raw /api/v1/nodes/nope/proxy/healthz
  Error from server (NotFound): nodes "nope" not found
  [1]
  $ kubectl get --raw /api/v1/nodes/$NODE:81/proxy/
  Error from server (ServiceUnavailable): error trying to reach service: dial tcp *:81: connect: connection refused (glob)
  [1]
