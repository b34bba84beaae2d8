What the server warns of: kinds that are going out of use, for everyone who asks for them (APILifecycleDeprecated).
The Warning line is stderr's; stdout stays what it was.

  $ kubectl get endpoints kubernetes -o name
  Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
  endpoints/kubernetes
  $ kubectl get ep nosuch
  Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice
  Error from server (NotFound): endpoints "nosuch" not found
  [1]
  $ kubectl get ep kubernetes -o name 2>/dev/null
  endpoints/kubernetes
  $ kubectl get cs etcd-0 -o name
  Warning: v1 ComponentStatus is deprecated in v1.19+
  componentstatus/etcd-0
  $ kubectl get endpointslices kubernetes -o name
  endpointslice.discovery.k8s.io/kubernetes
