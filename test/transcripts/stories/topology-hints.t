# Topology aware routing (service.kubernetes.io/topology-mode: Auto): endpoints are shared out to zones by the CPU of their nodes, control planes
# aside; why there are no hints the Service's events tell (k8s.io/endpointslice/topologycache, TestAddHints).

  $ podsim cluster create --force --nodes 3 --clock paused --time 2026-01-01T00:00:00Z >/dev/null
  $ kubectl label node podsim-worker topology.kubernetes.io/zone=a
  node/podsim-worker labeled
  $ kubectl create deployment web --image nginx --replicas 4
  deployment.apps/web created
  $ tick 30s > /dev/null
  $ kubectl expose deployment web --port 80
  service/web exposed
  $ kubectl annotate service web service.kubernetes.io/topology-mode=Auto
  service/web annotated
  $ tick 1s > /dev/null
  $ kubectl events --for service/web -o jsonpath='{range .items[*]}{.type} {.reason} {.message}{"\n"}{end}'
  Warning TopologyAwareHintsDisabled Insufficient Node information: allocatable CPU or zone not specified on one or more nodes, addressType: IPv4
  $ kubectl label node podsim-worker2 topology.kubernetes.io/zone=b
  node/podsim-worker2 labeled
  $ kubectl annotate service web look=again
  service/web annotated
  $ tick 1s > /dev/null
  $ kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{range .items[*].endpoints[*]}{.zone} {.hints.forZones[*].name}{"\n"}{end}' | sort
  a a
  b a
  b b
  b b
  $ kubectl events --for service/web -o jsonpath='{range .items[*]}{.type} {.reason} {.message}{"\n"}{end}' | tail -1
  Normal TopologyAwareHintsEnabled Topology Aware Hints has been enabled, addressType: IPv4

Three endpoints cannot be shared out fairly to two zones of one size.

  $ kubectl scale deployment web --replicas 3
  deployment.apps/web scaled
  $ tick 5s > /dev/null
  $ kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[*].endpoints[*].hints}'
  $ kubectl events --for service/web -o jsonpath='{range .items[*]}{.type} {.reason} {.message}{"\n"}{end}' | grep Unable
  Warning TopologyAwareHintsDisabled Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (3 endpoints, 2 zones), addressType: IPv4
