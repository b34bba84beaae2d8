An image of an organisation that nobody describes fits its manifest: it is not root where root is not wanted, it speaks TLS where TLS is asked for, and
what somebody waits for ends.

  $ cat <<'EOF' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: shop}
  > spec:
  >   securityContext: {runAsNonRoot: true}
  >   initContainers:
  >   - {name: migrate, image: "acme/shop:1.0", command: [shopctl, migrate]}
  >   - {name: copy, image: "quay.io/argoproj/argocd:v2.14.0", command: [cp, -n, /usr/local/bin/argocd, /tools/acme-proxy], volumeMounts: [{name: tools, mountPath: /tools}]}
  >   containers:
  >   - name: shop
  >     image: acme/shop:1.0
  >     ports: [{containerPort: 9443}]
  >     readinessProbe: {httpGet: {path: /healthz, port: 9443, scheme: HTTPS}}
  >   - {name: proxy, image: "acme/proxy:1.0", command: [/tools/acme-proxy, serve], volumeMounts: [{name: tools, mountPath: /tools}]}
  >   volumes: [{name: tools, emptyDir: {}}]
  > ---
  > apiVersion: batch/v1
  > kind: Job
  > metadata: {name: report}
  > spec: {template: {spec: {restartPolicy: Never, containers: [{name: report, image: "acme/report:2.1"}]}}}
  > EOF
  pod/shop created
  job.batch/report created
  $ podsim clock advance 40s >/dev/null; kubectl get pod/shop job/report
  NAME       READY   STATUS    RESTARTS   AGE
  pod/shop   2/2     Running   0          40s
  
  NAME               STATUS     COMPLETIONS   DURATION   AGE
  job.batch/report   Complete   1/1           10s        40s
  $ kubectl exec shop -c shop -- id -u
  65532

An image that is described is what it is.

  $ kubectl run web --image=nginx --overrides='{"spec":{"securityContext":{"runAsNonRoot":true}}}' && podsim clock advance 10s >/dev/null; kubectl get pod web
  pod/web created
  NAME   READY   STATUS                       RESTARTS   AGE
  web    0/1     CreateContainerConfigError   0          10s

Registries of projects that are open to all, and of those that are not.

  $ kubectl run open --image=us-central1-docker.pkg.dev/google-samples/containers/gke/hello-app:1.0 && kubectl run own --image=us-central1-docker.pkg.dev/acme/shop/web:1.0 && podsim clock advance 15s >/dev/null; kubectl get pods open own
  pod/open created
  pod/own created
  NAME   READY   STATUS         RESTARTS   AGE
  open   1/1     Running        0          15s
  own    0/1     ErrImagePull   0          15s
