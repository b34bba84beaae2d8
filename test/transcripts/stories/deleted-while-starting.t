# A pod deleted while its image is pulled: the kubelet does not break off what it has begun; the container starts, and is stopped.

  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ tick 1500ms
  $ kubectl delete pod web
  pod "web" deleted
  $ kubectl get events --field-selector involvedObject.name=web -o custom-columns=R:.reason,M:.message --no-headers | sed 's/ in [0-9].*//'
  Scheduled   Successfully assigned default/web to podsim-control-plane
  Pulling     Pulling image "nginx:1.27"
  Pulled      Successfully pulled image "nginx:1.27"
  Created     Created container: web
  Started     Started container web
  Killing     Stopping container web

# What is taken from the API by force is stopped by the kubelet all the same, and that is told.

  $ kubectl run gone --image=nginx:1.27
  pod/gone created
  $ tick 5s
  $ kubectl delete pod gone --force 2>/dev/null
  pod "gone" force deleted
  $ kubectl get events --field-selector involvedObject.name=gone,reason=Killing -o jsonpath='{range .items[*]}{.type} {.message} {.involvedObject.fieldPath}{"\n"}{end}'
  Normal Stopping container gone spec.containers{gone}

# Less grace the second time changes nothing for a container that is being stopped.

  $ kubectl run slow --image=busybox:1.36 -- sleep 1h
  pod/slow created
  $ tick 5s
  $ kubectl delete pod slow --wait=false
  pod "slow" deleted
  $ tick 5s
  $ kubectl delete pod slow --grace-period=1 --wait=false
  pod "slow" deleted
  $ kubectl get pod slow -o jsonpath='{.metadata.deletionGracePeriodSeconds}{"\n"}'
  1
  $ tick 20s
  $ kubectl get pod slow --no-headers | awk '{print $2, $3}'
  1/1 Terminating
  $ tick 10s
  $ kubectl get pod slow
  Error from server (NotFound): pods "slow" not found
  [1]

# One that is not wanted from the beginning never starts: its kubelet still waits for its volumes. Watched with a Kubernetes 1.33 kubelet.

  $ kubectl create deployment three --image=busybox:1.36 --replicas=2 -- sleep 1h
  deployment.apps/three created
  $ tick 5s
  $ cat <<Y | kubectl create -f -
  > {apiVersion: v1, kind: Pod, metadata: {name: late, labels: {app: three, pod-template-hash: $(kubectl get rs -l app=three -o jsonpath='{.items[0].metadata.labels.pod-template-hash}')}},
  >  spec: {containers: [{name: c, image: "busybox:1.36", command: [sleep, 1h]}]}}
  > Y
  pod/late created
  $ tick 2s
  $ kubectl get pod late
  Error from server (NotFound): pods "late" not found
  [1]
  $ kubectl get events --field-selector involvedObject.name=late -o custom-columns=R:.reason --no-headers
  Scheduled
