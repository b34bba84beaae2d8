# What the kubelet says of probes that fail, each kind in its own words.

  $ probe() { cat <<EOF | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: $1
  > spec:
  >   containers:
  >   - name: c
  >     image: ${2}
  >     ports: [{name: web, containerPort: 80}]
  >     $3
  > EOF
  > }
  $ probe refused nginx:1.27 'livenessProbe: {httpGet: {path: /, port: 8080}, failureThreshold: 9}'
  pod/refused created
  $ probe notfound nginx:1.27 'readinessProbe: {httpGet: {path: nope, port: web}}'
  pod/notfound created
  $ probe nobody nginx:1.27 'readinessProbe: {httpGet: {path: /, port: 80, host: 10.99.9.9}}'
  pod/nobody created
  $ probe https nginx:1.27 'readinessProbe: {httpGet: {path: /, port: 80, scheme: HTTPS}}'
  pod/https created
  $ probe tcp nginx:1.27 'readinessProbe: {tcpSocket: {port: 81}}'
  pod/tcp created
  $ probe grpc nginx:1.27 'readinessProbe: {grpc: {port: 9000}}'
  pod/grpc created
  $ probe grpc-http nginx:1.27 'readinessProbe: {grpc: {port: 80}, timeoutSeconds: 2}'
  pod/grpc-http created
  $ probe slow nginx:1.27 'readinessProbe: {exec: {command: [sh, -c, "echo hi; sleep 5"]}}'
  pod/slow created
  $ probe silent nginx:1.27 'startupProbe: {exec: {command: ["false"]}, failureThreshold: 9}'
  pod/silent created
  $ probe noname nginx:1.27 'livenessProbe: {httpGet: {path: /, port: http}}'
  pod/noname created
  $ probe login grafana/grafana:12.0.1 'readinessProbe: {httpGet: {path: /, port: 3000}, initialDelaySeconds: 10}'
  pod/login created
  $ tick 30s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3, $4}'
  grpc 0/1 Running 0
  grpc-http 0/1 Running 0
  https 0/1 Running 0
  login 1/1 Running 0
  nobody 0/1 Running 0
  noname 1/1 Running 0
  notfound 0/1 Running 0
  refused 1/1 Running 0
  silent 0/1 Running 0
  slow 0/1 Running 0
  tcp 0/1 Running 0
  $ kubectl get events --field-selector reason=Unhealthy -o jsonpath='{range .items[*]}{.involvedObject.name}: {.message}{"\n"}{end}' | sort
  grpc-http: Readiness probe failed: timeout: failed to connect service "10.244.0.*:80" within 2s: context deadline exceeded (glob)
  grpc: Readiness probe failed: timeout: failed to connect service "10.244.0.*:9000" within 1s: context deadline exceeded (glob)
  https: Readiness probe failed: Get "https://10.244.0.*:80/": http: server gave HTTP response to HTTPS client (glob)
  nobody: Readiness probe failed: Get "http://10.99.9.9:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)
  noname: Liveness probe errored and resulted in unknown state: strconv.Atoi: parsing "http": invalid syntax
  notfound: Readiness probe failed: HTTP probe failed with statuscode: 404
  refused: Liveness probe failed: Get "http://10.244.0.*:8080/": dial tcp 10.244.0.*:8080: connect: connection refused (glob)
  silent: Startup probe failed: 
  slow: Readiness probe failed: command timed out: "sh -c echo hi; sleep 5" timed out after 1s
  tcp: Readiness probe failed: dial tcp 10.244.0.*:81: connect: connection refused (glob)

# A redirect to the same host is followed; one that leads elsewhere passes, with a warning.

  $ cat > away.yaml <<'EOF'
  > entrypoint: [away]
  > run:
  >   listen: [80]
  >   http:
  >   - { path: "*", status: 302, headers: { Location: "https://login.example.org/" }, body: moved }
  > EOF
  $ podsim image add example.org/away:1 -f away.yaml >/dev/null
  $ probe away example.org/away:1 'readinessProbe: {httpGet: {path: /, port: 80}}'
  pod/away created
  $ tick 30s
  $ kubectl get pod away --no-headers | awk '{print $2}'
  1/1
  $ kubectl get events --field-selector involvedObject.name=away,reason=ProbeWarning -o jsonpath='{.items[0].type} {.items[0].message}{"\n"}'
  Warning Readiness probe warning: Probe terminated redirects, Response body: moved

# The node asks: `localhost` is its own, not the pod's, and it does not know the cluster's names.

  $ probe local nginx:1.27 'readinessProbe: {httpGet: {path: /, port: 80, host: 127.0.0.1}}'
  pod/local created
  $ probe localhost nginx:1.27 'readinessProbe: {tcpSocket: {port: 80, host: localhost}}'
  pod/localhost created
  $ probe service nginx:1.27 'readinessProbe: {httpGet: {path: /, port: 443, host: kubernetes.default}}'
  pod/service created
  $ probe hook nginx:1.27 'lifecycle: {postStart: {httpGet: {path: /, port: 80, host: nginx}}}'
  pod/hook created
  $ tick 8s
  $ kubectl get events --field-selector reason=Unhealthy -o jsonpath='{range .items[*]}{.involvedObject.name}: {.message}{"\n"}{end}' | grep -E '^(local|localhost|service):' | sort
  local: Readiness probe failed: Get "http://127.0.0.1:80/": dial tcp 127.0.0.1:80: connect: connection refused
  localhost: Readiness probe failed: dial tcp [::1]:80: connect: connection refused
  service: Readiness probe failed: Get "http://kubernetes.default:443/": dial tcp: lookup kubernetes.default on 172.18.0.1:53: no such host
  $ kubectl get events --field-selector involvedObject.name=hook,reason=FailedPostStartHook -o jsonpath='{.items[0].message}{"\n"}'
  PostStartHook failed

# On the host's network it is the same one.

  $ probe host nginx:1.27 'readinessProbe: {httpGet: {path: /, port: 80, host: localhost}}
  >   hostNetwork: true'
  pod/host created
  $ tick 15s
  $ kubectl get pods host local --no-headers | awk '{print $1, $2}'
  host 1/1
  local 1/1
