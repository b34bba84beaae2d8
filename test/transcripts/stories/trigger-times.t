# When what stands behind a Service changed last, as its two controllers note it: they remember what they have seen of each pod
# (k8s.io/endpointslice/util trigger_time_tracker.go). Watched on a Kubernetes 1.33 control plane.

  $ at() { kubectl get "$1" -l "$2" -o jsonpath='{.items[0].metadata.annotations.endpoints\.kubernetes\.io/last-change-trigger-time}{"\n"}' 2>/dev/null; }
  $ kubectl create deployment web --image=nginx:1.27 --replicas=2
  deployment.apps/web created
  $ kubectl expose deployment web --port=80
  service/web exposed
  $ at endpoints app=web
  2026-01-01T00:00:00Z
  $ tick 30s > /dev/null

What somebody deletes is made again, and nothing has changed:

  $ kubectl delete endpoints web
  Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
  endpoints "web" deleted
  $ kubectl delete endpointslices -l kubernetes.io/service-name=web | sed 's/-[^-]*" / /'
  endpointslice.discovery.k8s.io "web deleted
  $ tick 2s > /dev/null
  $ kubectl describe endpoints web | grep Annotations
  Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
  Annotations:  <none>
  $ at endpointslices kubernetes.io/service-name=web
  

A pod that ends leaves an EndpointSlice because it is not ready any more; the Endpoints have left it out from the beginning:

  $ kubectl scale deployment web --replicas=1
  deployment.apps/web scaled
  $ tick 5s > /dev/null
  $ at endpointslices kubernetes.io/service-name=web
  2026-01-01T00:00:32Z
  $ at endpoints app=web
  

A new label of the Service is a change of no pod:

  $ kubectl label service web tier=front
  service/web labeled
  $ tick 1s > /dev/null
  $ at endpointslices tier=front
  
