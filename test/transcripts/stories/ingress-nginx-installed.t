ingress-nginx as its manifest installs it: a job makes the certificate of the admission webhook, the controller waits for it, a second job puts it
into the webhook's configuration. The pods of the controller answer by the Ingresses, whichever Service leads to them.

  $ cat <<'EOF' | kubectl apply -f - >/dev/null
  > apiVersion: v1
  > kind: Namespace
  > metadata: {name: ingress-nginx}
  > ---
  > apiVersion: v1
  > kind: ServiceAccount
  > metadata: {name: admission, namespace: ingress-nginx}
  > ---
  > apiVersion: rbac.authorization.k8s.io/v1
  > kind: Role
  > metadata: {name: admission, namespace: ingress-nginx}
  > rules: [{apiGroups: [""], resources: [secrets], verbs: [get, create]}]
  > ---
  > apiVersion: rbac.authorization.k8s.io/v1
  > kind: RoleBinding
  > metadata: {name: admission, namespace: ingress-nginx}
  > roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: admission}
  > subjects: [{kind: ServiceAccount, name: admission, namespace: ingress-nginx}]
  > ---
  > apiVersion: batch/v1
  > kind: Job
  > metadata: {name: create, namespace: ingress-nginx}
  > spec:
  >   template:
  >     spec:
  >       restartPolicy: OnFailure
  >       serviceAccountName: admission
  >       containers:
  >       - name: create
  >         image: registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.3
  >         args: [create, "--host=controller,controller.$(POD_NAMESPACE).svc", --namespace=$(POD_NAMESPACE), --secret-name=ingress-nginx-admission]
  >         env: [{name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]
  >         securityContext: {runAsNonRoot: true}
  > ---
  > apiVersion: batch/v1
  > kind: Job
  > metadata: {name: patch, namespace: ingress-nginx}
  > spec:
  >   template:
  >     spec:
  >       restartPolicy: Never
  >       serviceAccountName: admission
  >       containers:
  >       - name: patch
  >         image: registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.3
  >         args: [patch, --webhook-name=ingress-nginx-admission, --namespace=ingress-nginx, --patch-mutating=false, --secret-name=ingress-nginx-admission]
  > ---
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata: {name: controller, namespace: ingress-nginx}
  > spec:
  >   selector: {matchLabels: {app: controller}}
  >   template:
  >     metadata: {labels: {app: controller}}
  >     spec:
  >       containers:
  >       - name: controller
  >         image: registry.k8s.io/ingress-nginx/controller:v1.12.2
  >         args: [/nginx-ingress-controller, --ingress-class=nginx, --validating-webhook=:8443]
  >         ports: [{containerPort: 80}, {containerPort: 8443}]
  >         readinessProbe: {httpGet: {path: /healthz, port: 10254}}
  >         volumeMounts: [{name: cert, mountPath: /usr/local/certificates}]
  >       volumes: [{name: cert, secret: {secretName: ingress-nginx-admission}}]
  > ---
  > apiVersion: v1
  > kind: Service
  > metadata: {name: controller, namespace: ingress-nginx}
  > spec: {selector: {app: controller}, ports: [{name: http, port: 80}, {name: webhook, port: 443, targetPort: 8443}]}
  > ---
  > apiVersion: networking.k8s.io/v1
  > kind: IngressClass
  > metadata: {name: nginx}
  > spec: {controller: k8s.io/ingress-nginx}
  > ---
  > apiVersion: admissionregistration.k8s.io/v1
  > kind: ValidatingWebhookConfiguration
  > metadata: {name: ingress-nginx-admission}
  > webhooks:
  > - name: validate.nginx.ingress.kubernetes.io
  >   admissionReviewVersions: [v1]
  >   sideEffects: None
  >   clientConfig: {service: {namespace: ingress-nginx, name: controller, path: /networking/v1/ingresses}}
  >   rules: [{apiGroups: [networking.k8s.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [ingresses]}]
  > EOF
  $ podsim clock advance 100s >/dev/null; kubectl get secrets,deployments,jobs -n ingress-nginx
  NAME                             TYPE     DATA   AGE
  secret/ingress-nginx-admission   Opaque   3      98s
  
  NAME                         READY   UP-TO-DATE   AVAILABLE   AGE
  deployment.apps/controller   1/1     1            1           100s
  
  NAME               STATUS     COMPLETIONS   DURATION   AGE
  job.batch/create   Complete   1/1           4s         100s
  job.batch/patch    Running    0/1           100s       100s

What it may not do ends it.

  $ kubectl logs -n ingress-nginx job/patch --tail=1 2>/dev/null
  validatingwebhookconfigurations.admissionregistration.k8s.io "ingress-nginx-admission" is forbidden: User "system:serviceaccount:ingress-nginx:admission" cannot get resource "validatingwebhookconfigurations" in API group "admissionregistration.k8s.io" at the cluster scope
  $ kubectl create clusterrole admission --verb=get,update --resource=validatingwebhookconfigurations && kubectl create clusterrolebinding admission --clusterrole=admission --serviceaccount=ingress-nginx:admission
  clusterrole.rbac.authorization.k8s.io/admission created
  clusterrolebinding.rbac.authorization.k8s.io/admission created
  $ kubectl wait -n ingress-nginx --for=condition=Complete job/patch --timeout=5m
  job.batch/patch condition met
  $ kubectl get validatingwebhookconfiguration ingress-nginx-admission -o jsonpath='{.webhooks[0].clientConfig.caBundle}' | base64 -d | head -1
  -----BEGIN CERTIFICATE-----

Then Ingresses can be made, and are answered for.

  $ kubectl create deployment web --image=httpd --port=80 && kubectl expose deployment web && kubectl create ingress web --class=nginx --rule="web.local/*=web:80" && podsim clock advance 30s >/dev/null
  deployment.apps/web created
  service/web exposed
  ingress.networking.k8s.io/web created
  $ kubectl run ask --image=busybox --restart=Never -i --rm -q -- wget -qO- --header 'Host: web.local' http://controller.ingress-nginx
  <html><body><h1>It works!</h1></body></html>
  $ kubectl run ask --image=busybox --restart=Never -i --rm -q -- wget -qO- http://controller.ingress-nginx
  wget: server returned error: HTTP/1.1 404 Not Found
  pod default/ask terminated (Error)
  [1]
