# UDP as Kubernetes' own tests use it (test/e2e/network/networking.go, conntrack.go, hostport.go; agnhost's netexec and connect).

  $ cluster 3
  $ cat <<'Y' | kubectl apply -f - >/dev/null
  > apiVersion: v1
  > kind: Service
  > metadata: {name: dual}
  > spec:
  >   type: NodePort
  >   selector: {app: server}
  >   ports:
  >   - {name: http, port: 80, targetPort: 8083, nodePort: 30080}
  >   - {name: udp, port: 80, protocol: UDP, targetPort: 8081, nodePort: 30080}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: server, labels: {app: server}}
  > spec:
  >   nodeName: podsim-worker
  >   containers: [{name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: [netexec, --http-port=8083, --udp-port=8081], ports: [{containerPort: 8081, protocol: UDP}]}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: client}
  > spec:
  >   nodeName: podsim-worker2
  >   containers: [{name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: [netexec, --http-port=8080, --udp-port=-1]}]
  > Y
  $ tick 20s
  $ server=$(kubectl get pod server -o jsonpath={.status.podIP})
  $ ip=$(kubectl get service dual -o jsonpath={.spec.clusterIP})
  $ node=$(kubectl get node podsim-control-plane -o jsonpath='{.status.addresses[0].address}')

should function for pod-Service: udp, and for node-Service.

  $ kubectl exec client -- curl -s "localhost:8080/dial?request=hostname&protocol=udp&host=$ip&port=80&tries=2"; echo
  {"responses":["server","server"]}
  $ kubectl exec client -- curl -s "localhost:8080/dial?request=hostname&protocol=udp&host=$node&port=30080&tries=1"; echo
  {"responses":["server"]}
  $ kubectl exec client -- curl -s "localhost:8080/dial?request=echo%20Hello&protocol=udp&host=$server&port=8081&tries=1"; echo
  {"responses":["hello"]}
  $ kubectl exec client -- curl -s "localhost:8080/dial?request=hostname&protocol=udp&host=$server&port=8083&tries=1"; echo
  {"errors":["reading from udp connection failed. err:'read udp 10.244.*:40000-\u003e10.244.*:8083: read: connection refused'"]} (glob)

agnhost connect, and netcat, which waits for more until it is told to stop waiting.

  $ kubectl exec client -- /agnhost connect --protocol=udp --timeout=3s $ip:80
  $ kubectl exec client -- /agnhost connect --protocol=udp --timeout=3s $server:9999
  REFUSED: read udp 10.244.*:40000->10.244.*:9999: read: connection refused (glob)
  command terminated with exit code 1
  [1]
  $ kubectl exec client -- sh -c "echo clientip | nc -u -w 2 -p 12345 $ip 80"; echo
  10.244.2.*:12345 (glob)
  $ kubectl run box --image=busybox:1.36 --restart=Never -- sh -c "nc -u -l -p 9000"
  pod/box created
  $ tick 5s
  $ kubectl exec client -- sh -c "echo hello there | nc -u -w 1 $(kubectl get pod box -o jsonpath={.status.podIP}) 9000"
  $ kubectl logs box
  hello there

A Service's port without an endpoint refuses; UDP is not TCP.

  $ kubectl delete pod server --grace-period=1
  pod "server" deleted
  $ tick 5s
  $ kubectl exec client -- /agnhost connect --protocol=udp --timeout=3s $ip:80
  REFUSED: read udp 10.244.*:40000->10.96.*:80: read: connection refused (glob)
  command terminated with exit code 1
  [1]

validates that there is no conflict between pods with same hostPort but different hostIP and protocol.

  $ worker=$(kubectl get node podsim-worker -o jsonpath='{.status.addresses[0].address}')
  $ port() { echo "{apiVersion: v1, kind: Pod, metadata: {name: $1}, spec: {nodeName: podsim-worker, containers: [{name: c, image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args: [netexec, --http-port=$4, --udp-port=$5], ports: [{hostPort: 54323, containerPort: 8080, protocol: $2, hostIP: $3}]}]}}" | kubectl apply -f -; }
  $ port pod1 TCP 127.0.0.1 8080 -1
  pod/pod1 created
  $ port pod2 TCP $worker 8080 -1
  pod/pod2 created
  $ port pod3 UDP $worker 8008 8080
  pod/pod3 created
  $ kubectl run host --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --overrides='{"spec": {"hostNetwork": true, "nodeName": "podsim-worker"}}' -- netexec --http-port=7070
  pod/host created
  $ tick 10s
  $ kubectl exec host -- curl -s http://127.0.0.1:54323/hostname; echo
  pod1
  $ kubectl exec host -- curl -s http://$worker:54323/hostname; echo
  pod2
  $ kubectl exec host -- sh -c "echo hostname | nc -u -w 1 $worker 54323"; echo
  pod3

should have session affinity timeout work: the same one as long as it is asked again in time.

  $ kubectl create deployment many --image=registry.k8s.io/e2e-test-images/agnhost:2.53 --replicas=4 -- /agnhost netexec
  deployment.apps/many created
  $ kubectl expose deployment many --port=80 --target-port=8080
  service/many exposed
  $ kubectl patch service many -p '{"spec": {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10}}}}'
  service/many patched
  $ tick 10s
  $ ask() { kubectl exec client -- curl -s many/hostname; echo; }
  $ for i in 1 2 3 4 5 6; do ask; tick 8s > /dev/null; done | uniq | wc -l
  1
  $ for i in 1 2 3 4 5 6; do ask; tick 12s > /dev/null; done | sort -u | wc -l
  [2-4] (re)

--delay-shutdown, and the shell behind a request.

  $ kubectl run slow --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -- netexec --delay-shutdown=10
  pod/slow created
  $ tick 5s
  $ slow=$(kubectl get pod slow -o jsonpath={.status.podIP})
  $ kubectl exec client -- curl -s "$slow:8080/shell?cmd=echo+hi;hostname;false"; echo
  {"error":"exit status 1","output":"hi\nslow\n"}
  $ kubectl delete pod slow --wait=false
  pod "slow" deleted
  $ tick 2s
  $ kubectl exec client -- curl -s -w '%{http_code}' $slow:8080/readyz; echo
  shutting down503
  $ kubectl logs slow | sed 's/^.*log.go/log.go/'
  log.go:245] Started HTTP server on port 8080
  log.go:245] Started UDP server on port  8081
  log.go:245] GET /shell?cmd=echo hi;hostname;false
  log.go:245] Output: map[error:exit status 1 output:hi
  slow
  ]
  log.go:245] Sleeping 10 seconds before terminating...
  $ tick 7s
  $ kubectl get pod slow
  NAME   READY   STATUS        RESTARTS   AGE
  slow   1/1     Terminating   0          14s
  $ tick 2s
  $ kubectl get pod slow
  Error from server (NotFound): pods "slow" not found
  [1]
