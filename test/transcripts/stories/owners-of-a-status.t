# Whose the fields of a status are: of a pod that waited for a node the scheduler keeps what it wrote, the kubelet has the rest.
# Watched on a Kubernetes 1.33 control plane with a kubelet.

  $ owners() { kubectl get "$@" --show-managed-fields -o json | jq -r '.metadata.managedFields[] | select(.subresource == "status") | .manager + " " + ([.fieldsV1 | paths | map(tostring) | join("/")] | map(select(test("conditions(/[^/]*)?$|phase$|podIP$|PodScheduled|Replicas$"))) | join(" "))'; }
  $ kubectl run waits --image=nginx:1.27 --overrides='{"spec":{"nodeSelector":{"disk":"ssd"}}}'
  pod/waits created
  $ tick 2s > /dev/null
  $ owners pod waits
  kube-scheduler f:status/f:conditions f:status/f:conditions/. f:status/f:conditions/k:{"type":"PodScheduled"} f:status/f:conditions/k:{"type":"PodScheduled"}/. f:status/f:conditions/k:{"type":"PodScheduled"}/f:lastProbeTime f:status/f:conditions/k:{"type":"PodScheduled"}/f:lastTransitionTime f:status/f:conditions/k:{"type":"PodScheduled"}/f:message f:status/f:conditions/k:{"type":"PodScheduled"}/f:reason f:status/f:conditions/k:{"type":"PodScheduled"}/f:status f:status/f:conditions/k:{"type":"PodScheduled"}/f:type
  $ kubectl label node podsim-control-plane disk=ssd
  node/podsim-control-plane labeled
  $ tick 10s > /dev/null
  $ owners pod waits
  kube-scheduler f:status/f:conditions f:status/f:conditions/. f:status/f:conditions/k:{"type":"PodScheduled"} f:status/f:conditions/k:{"type":"PodScheduled"}/. f:status/f:conditions/k:{"type":"PodScheduled"}/f:lastProbeTime f:status/f:conditions/k:{"type":"PodScheduled"}/f:lastTransitionTime f:status/f:conditions/k:{"type":"PodScheduled"}/f:message f:status/f:conditions/k:{"type":"PodScheduled"}/f:reason f:status/f:conditions/k:{"type":"PodScheduled"}/f:status f:status/f:conditions/k:{"type":"PodScheduled"}/f:type
  kubelet f:status/f:conditions f:status/f:conditions/k:{"type":"ContainersReady"} f:status/f:conditions/k:{"type":"Initialized"} f:status/f:conditions/k:{"type":"PodReadyToStartContainers"} f:status/f:conditions/k:{"type":"Ready"} f:status/f:phase f:status/f:podIP
