# Servers that answer gRPC health probes, and what the kubelet says where they know nothing of the service asked for.

  $ probe() { cat <<EOF | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: $1
  > spec:
  >   containers:
  >   - name: c
  >     image: $2
  >     $3
  >     ports: [{containerPort: $4}]
  >     readinessProbe: {grpc: {port: $4, service: "$5"}}
  > EOF
  > }
  $ probe etcd-with-grpc registry.k8s.io/etcd:3.5.1-0 'command: [/usr/local/bin/etcd, --data-dir, /var/lib/etcd, --listen-client-urls, "http://0.0.0.0:2379", --advertise-client-urls, "http://127.0.0.1:2379"]' 2379
  pod/etcd-with-grpc created
  $ probe etcd-liveness registry.k8s.io/etcd:3.5.1-0 'command: [/usr/local/bin/etcd]' 2379 liveness
  pod/etcd-liveness created
  $ probe agnhost registry.k8s.io/e2e-test-images/agnhost:2.40 'args: [grpc-health-checking, --port, "5001", --service, ready]' 5001 ready
  pod/agnhost created
  $ probe agnhost-other registry.k8s.io/e2e-test-images/agnhost:2.40 'args: [grpc-health-checking, --service=ready]' 5000 liveness
  pod/agnhost-other created
  $ probe own ghcr.io/me/greeter:1.0 'env: []' 9090 hello.Greeter
  pod/own created
  $ tick 40s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3, $4}'
  agnhost 1/1 Running 0
  agnhost-other 0/1 Running 0
  etcd-liveness 0/1 Running 0
  etcd-with-grpc 1/1 Running 0
  own 1/1 Running 0
  $ kubectl get events --field-selector reason=Unhealthy -o jsonpath='{range .items[*]}{.involvedObject.name}: {.message}{"\n"}{end}' | sort | grep -v connect
  agnhost-other: Readiness probe failed: error: health rpc probe failed: rpc error: code = NotFound desc = unknown service
  etcd-liveness: Readiness probe failed: error: health rpc probe failed: rpc error: code = NotFound desc = unknown service
