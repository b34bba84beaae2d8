# The documentation's server that is alive for ten seconds, whoever asks it how often.

  $ cat <<EOF | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: often}
  > spec:
  >   containers:
  >   - {name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.40", args: [liveness], livenessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1, failureThreshold: 1}}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: late}
  > spec:
  >   containers:
  >   - {name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.40", args: [liveness], livenessProbe: {httpGet: {path: /healthz, port: 8080}, initialDelaySeconds: 15, failureThreshold: 1}}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: root}
  > spec:
  >   containers:
  >   - {name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.40", args: [liveness], readinessProbe: {httpGet: {path: /, port: 8080}}}
  > EOF
  pod/often created
  pod/late created
  pod/root created
  $ kubectl wait pod often --for=condition=Ready >/dev/null; tick 9s; kubectl get pods --no-headers | awk '{print $1, $2, $4}'
  late 1/1 0
  often 1/1 0
  root 0/1 0
  $ tick 5s; kubectl get pods --no-headers | awk '{print $1, $2, $4}'
  late 1/1 0
  often 1/1 1
  root 0/1 0
  $ tick 13s; kubectl get pods --no-headers | awk '{print $1, $4}'
  late 1
  often 2
  root 0
