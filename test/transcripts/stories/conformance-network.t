# Kubernetes' own end-to-end tests of services and preemption (test/e2e/network/service.go, test/e2e/scheduling/preemption.go) where podsim
# once did otherwise.

  $ cluster 3
  $ cat <<'Y' | kubectl apply -f - >/dev/null
  > apiVersion: v1
  > kind: Service
  > metadata: {name: web}
  > spec: {selector: {app: web}, internalTrafficPolicy: Local, type: NodePort, externalTrafficPolicy: Local, ports: [{port: 80, nodePort: 30080}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: web, labels: {app: web}}
  > spec:
  >   nodeName: podsim-worker
  >   terminationGracePeriodSeconds: 100
  >   containers: [{name: c, image: "registry.k8s.io/e2e-test-images/nginx:1.14-4", lifecycle: {preStop: {exec: {command: [sleep, "60"]}}}}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: here}
  > spec: {nodeName: podsim-worker, containers: [{name: c, image: "busybox:1.36", command: [sleep, "9999"]}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: there}
  > spec: {nodeName: podsim-worker2, containers: [{name: c, image: "busybox:1.36", command: [sleep, "9999"]}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: there-on-host}
  > spec: {nodeName: podsim-worker2, hostNetwork: true, containers: [{name: c, image: "busybox:1.36", command: [sleep, "9999"]}]}
  > Y
  $ tick 20s

should respect internalTrafficPolicy=Local Pod to Pod, and from a Pod of the node's own network.

  $ kubectl exec here -- wget -qT 2 -O- web | grep title
  <title>Welcome to nginx!</title>
  $ kubectl exec there -- wget -qT 2 -O- web
  wget: download timed out
  command terminated with exit code 1
  [1]
  $ kubectl exec there-on-host -- wget -qT 2 -O- $(kubectl get service web -o jsonpath={.spec.clusterIP})
  wget: download timed out
  command terminated with exit code 1
  [1]

should support externalTrafficPolicy=Local for type=NodePort: another host finds it at its own node alone, pods at every node.

  $ address() { kubectl get node $1 -o jsonpath='{.status.addresses[0].address}'; }
  $ kubectl exec there-on-host -- wget -qT 2 -O- $(address podsim-worker):30080 | grep title
  <title>Welcome to nginx!</title>
  $ kubectl exec there-on-host -- wget -qT 2 -O- $(address podsim-control-plane):30080
  wget: download timed out
  command terminated with exit code 1
  [1]
  $ kubectl exec there -- wget -qT 2 -O- $(address podsim-control-plane):30080 | grep title
  <title>Welcome to nginx!</title>

should fallback to local terminating endpoints when there are no ready endpoints with internalTrafficPolicy=Local, and the like.

  $ kubectl delete pod web --wait=false
  pod "web" deleted
  $ tick 5s
  $ kubectl get endpointslices -l kubernetes.io/service-name=web -o jsonpath='{.items[0].endpoints[0].conditions}{"\n"}'
  {"ready":false,"serving":true,"terminating":true}
  $ kubectl exec here -- wget -qT 2 -O- web | grep title
  <title>Welcome to nginx!</title>
  $ kubectl exec there-on-host -- wget -qT 2 -O- $(address podsim-worker):30080 | grep title
  <title>Welcome to nginx!</title>
  $ kubectl patch service web -p '{"spec": {"internalTrafficPolicy": "Cluster"}}'
  service/web patched
  $ kubectl exec there -- wget -qT 2 -O- web | grep title
  <title>Welcome to nginx!</title>
  $ tick 120s
  $ kubectl exec here -- wget -qT 2 -O- web
  wget: can't connect to remote host (10.96.*): Connection refused (glob)
  command terminated with exit code 1
  [1]

validates basic preemption works: the victim has no grace, and is gone at once.

  $ cat <<'Y' | kubectl apply -f - >/dev/null
  > apiVersion: scheduling.k8s.io/v1
  > kind: PriorityClass
  > metadata: {name: high}
  > value: 1000
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: low}
  > spec: {terminationGracePeriodSeconds: 0, nodeSelector: {kubernetes.io/hostname: podsim-worker}, containers: [{name: c, image: "registry.k8s.io/pause:3.10", resources: {requests: {cpu: "3"}}}]}
  > Y
  $ tick 10s
  $ cat <<'Y' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: preemptor}
  > spec: {priorityClassName: high, nodeSelector: {kubernetes.io/hostname: podsim-worker}, containers: [{name: c, image: "registry.k8s.io/pause:3.10", resources: {requests: {cpu: "3"}}}]}
  > Y
  pod/preemptor created
  $ tick 10s
  $ kubectl get pods preemptor low
  NAME        READY   STATUS    RESTARTS   AGE
  preemptor   1/1     Running   0          10s
  Error from server (NotFound): pods "low" not found
  [1]

should serve a basic endpoint from pods; should preserve source pod IP for traffic thru service cluster IP; should implement
service.kubernetes.io/service-proxy-name: agnhost's programs are those that these tests call.

  $ cat <<'Y' | kubectl apply -f - >/dev/null
  > apiVersion: v1
  > kind: Service
  > metadata: {name: echo}
  > spec: {selector: {app: echo}, ports: [{port: 80, targetPort: 8080}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: echo, labels: {app: echo}}
  > spec: {containers: [{name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: [netexec]}]}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: execpod}
  > spec: {containers: [{name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: [pause]}]}
  > Y
  $ tick 20s
  $ kubectl exec execpod -- sh -c 'echo hostName | nc -v -t -w 2 echo 80'
  Connection to echo (10.96.*) 80 port [tcp/http] succeeded! (glob)
  $ kubectl exec execpod -- curl -q -s --connect-timeout 30 echo/hostName
  echo (no-eol)
  $ [ "$(kubectl exec execpod -- curl -q -s echo/clientip | cut -d: -f1)" = "$(kubectl get pod execpod -o jsonpath={.status.podIP})" ] && echo preserved
  preserved
  $ kubectl label service echo service.kubernetes.io/service-proxy-name=foo-bar
  service/echo labeled
  $ kubectl exec execpod -- sh -c 'curl -g -s --connect-timeout 2 http://echo:80 > /dev/null && echo service-up || echo service-down'
  service-down
  $ kubectl label service echo service.kubernetes.io/service-proxy-name-
  service/echo unlabeled
  $ kubectl exec execpod -- sh -c 'curl -g -s --connect-timeout 2 http://echo:80 > /dev/null && echo service-up || echo service-down'
  service-up
