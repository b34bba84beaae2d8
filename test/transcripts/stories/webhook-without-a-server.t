A webhook whose service is not there stands in the way of everything it is to see. What comes with an operator that has been half removed.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: admissionregistration.k8s.io/v1
  > kind: ValidatingWebhookConfiguration
  > metadata: {name: policy}
  > webhooks:
  > - name: validate.policy.example.com
  >   admissionReviewVersions: [v1]
  >   sideEffects: None
  >   clientConfig: {service: {namespace: policy, name: policy-webhook, path: /validate}}
  >   namespaceSelector: {matchExpressions: [{key: policy, operator: NotIn, values: [skip]}]}
  >   rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, DELETE], resources: [pods, configmaps]}]
  > EOF
  validatingwebhookconfiguration.admissionregistration.k8s.io/policy created
  $ kubectl run web --image=nginx
  Error from server (InternalError): Internal error occurred: failed calling webhook "validate.policy.example.com": failed to call webhook: Post "https://policy-webhook.policy.svc:443/validate?timeout=10s": service "policy-webhook" not found
  [1]
  $ kubectl create deployment shop --image=nginx && podsim clock advance 5s >/dev/null && kubectl get deployment shop
  deployment.apps/shop created
  NAME   READY   UP-TO-DATE   AVAILABLE   AGE
  shop   0/1     0            0           5s
  $ kubectl get events --field-selector reason=FailedCreate -o custom-columns=MESSAGE:.message --no-headers | head -1
  Error creating: Internal error occurred: failed calling webhook "validate.policy.example.com": failed to call webhook: Post "https://policy-webhook.policy.svc:443/validate?timeout=10s": service "policy-webhook" not found
  $ kubectl create secret generic s && kubectl get pods -n kube-system --no-headers | grep -vc Running
  secret/s created
  0
  [1]

Its service, with nobody behind it, with the wrong port, and with a pod that is ready.

  $ kubectl create namespace policy && kubectl label namespace policy policy=skip
  namespace/policy created
  namespace/policy labeled
  $ kubectl create service clusterip policy-webhook -n policy --tcp=8443:8443
  service/policy-webhook created
  $ kubectl create configmap a
  error: failed to create configmap: Internal error occurred: failed calling webhook "validate.policy.example.com": failed to call webhook: Post "https://policy-webhook.policy.svc:443/validate?timeout=10s": no service port 443 found for service "policy-webhook"
  [1]
  $ kubectl patch service policy-webhook -n policy --type=json -p '[{"op":"replace","path":"/spec/ports/0/port","value":443}]'
  service/policy-webhook patched
  $ kubectl create configmap a
  error: failed to create configmap: Internal error occurred: failed calling webhook "validate.policy.example.com": failed to call webhook: Post "https://policy-webhook.policy.svc:443/validate?timeout=10s": dial tcp 10.96.*:443: connect: connection refused (glob)
  [1]
  $ kubectl run policy-webhook -n policy --image=nginx --labels=app=policy-webhook && kubectl wait -n policy --for=condition=Ready pod/policy-webhook && podsim clock advance 2s >/dev/null
  pod/policy-webhook created
  pod/policy-webhook condition met
  $ kubectl create configmap a && kubectl delete configmap a
  configmap/a created
  configmap "a" deleted
  $ kubectl delete pod policy-webhook -n policy --now && podsim clock advance 2s >/dev/null
  pod "policy-webhook" deleted

Whoever may be ignored is not waited for; the configurations themselves can always be changed.

  $ kubectl create configmap a
  error: failed to create configmap: Internal error occurred: * connect: connection refused (glob)
  [1]
  $ kubectl patch validatingwebhookconfiguration policy --type=json -p '[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]'
  validatingwebhookconfiguration.admissionregistration.k8s.io/policy patched
  $ kubectl create configmap a
  configmap/a created
  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: admissionregistration.k8s.io/v1
  > kind: MutatingWebhookConfiguration
  > metadata: {name: all}
  > webhooks:
  > - name: all.example.com
  >   admissionReviewVersions: [v1]
  >   sideEffects: None
  >   timeoutSeconds: 3
  >   clientConfig: {service: {namespace: gone, name: gone}}
  >   rules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"]}]
  >   matchConditions: [{name: not-labelled, expression: "!has(object.metadata.labels) || !('pass' in object.metadata.labels)"}]
  > EOF
  mutatingwebhookconfiguration.admissionregistration.k8s.io/all created
  $ kubectl create configmap b
  error: failed to create configmap: Internal error occurred: failed calling webhook "all.example.com": failed to call webhook: Post "https://gone.gone.svc:443/?timeout=3s": service "gone" not found
  [1]
  $ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, labels: {pass: ""}}\n' | kubectl create -f -
  configmap/b created
  $ kubectl delete mutatingwebhookconfiguration all && podsim clock advance 60s >/dev/null && kubectl get deployment shop
  mutatingwebhookconfiguration.admissionregistration.k8s.io "all" deleted
  NAME   READY   UP-TO-DATE   AVAILABLE   AGE
  shop   1/1     1            1           * (glob)
