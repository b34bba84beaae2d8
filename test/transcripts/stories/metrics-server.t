# A metrics server that somebody installs: its APIService is there when its pod is.

  $ kubectl apply -f - <<'END'
  > apiVersion: apiregistration.k8s.io/v1
  > kind: APIService
  > metadata: {name: v1beta1.metrics.k8s.io}
  > spec:
  >   group: metrics.k8s.io
  >   version: v1beta1
  >   groupPriorityMinimum: 100
  >   versionPriority: 100
  >   insecureSkipTLSVerify: true
  >   service: {name: metrics-server, namespace: kube-system}
  > END
  apiservice.apiregistration.k8s.io/v1beta1.metrics.k8s.io created
  $ kubectl get apiservice v1beta1.metrics.k8s.io
  NAME                     SERVICE                      AVAILABLE                 AGE
  v1beta1.metrics.k8s.io   kube-system/metrics-server   False (ServiceNotFound)   0s
  $ kubectl apply -f - <<'END'
  > apiVersion: v1
  > kind: Service
  > metadata: {name: metrics-server, namespace: kube-system}
  > spec:
  >   selector: {k8s-app: metrics-server}
  >   ports: [{name: https, port: 443, targetPort: https}]
  > ---
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata: {name: metrics-server, namespace: kube-system}
  > spec:
  >   selector: {matchLabels: {k8s-app: metrics-server}}
  >   template:
  >     metadata: {labels: {k8s-app: metrics-server}}
  >     spec:
  >       containers:
  >       - name: metrics-server
  >         image: registry.k8s.io/metrics-server/metrics-server:v0.7.2
  >         args: [--cert-dir=/tmp, --secure-port=10250]
  >         ports: [{name: https, containerPort: 10250}]
  >         readinessProbe: {httpGet: {path: /readyz, port: https, scheme: HTTPS}, initialDelaySeconds: 20}
  > END
  service/metrics-server created
  deployment.apps/metrics-server created
  $ kubectl get apiservice v1beta1.metrics.k8s.io --no-headers
  v1beta1.metrics.k8s.io   kube-system/metrics-server   False (MissingEndpoints)   * (glob)
  $ kubectl wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io
  apiservice.apiregistration.k8s.io/v1beta1.metrics.k8s.io condition met
  $ kubectl get apiservices | grep metrics.k8s.io
  v1beta1.metrics.k8s.io            kube-system/metrics-server   True        * (glob)
  $ kubectl get apiservice v1beta1.metrics.k8s.io -o jsonpath='{.status.conditions[0].reason}: {.status.conditions[0].message}{"\n"}'
  Passed: all checks passed
  $ kubectl -n kube-system scale deployment metrics-server --replicas=0
  deployment.apps/metrics-server scaled
  $ kubectl wait --for=condition=Available=false apiservice/v1beta1.metrics.k8s.io
  apiservice.apiregistration.k8s.io/v1beta1.metrics.k8s.io condition met
  $ kubectl get apiservice v1beta1.metrics.k8s.io -o jsonpath='{.status.conditions[0].message}{"\n"}'
  endpoints for service/metrics-server in "kube-system" have no addresses with port name "https"
