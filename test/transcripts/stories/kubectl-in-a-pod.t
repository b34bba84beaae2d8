kubectl in a pod is its service account's: what a role allows is seen from inside.

  $ kubectl create serviceaccount viewer && kubectl create role viewer --verb=get,list --resource=pods && kubectl create rolebinding viewer --role=viewer --serviceaccount=default:viewer
  serviceaccount/viewer created
  role.rbac.authorization.k8s.io/viewer created
  rolebinding.rbac.authorization.k8s.io/viewer created
  $ kubectl run tool --image=bitnami/kubectl --overrides='{"spec":{"serviceAccountName":"viewer"}}' --command -- sleep 1000 && kubectl wait --for=condition=Ready pod/tool
  pod/tool created
  pod/tool condition met
  $ kubectl exec tool -- kubectl get pods
  NAME   READY   STATUS    RESTARTS   AGE
  tool   1/1     Running   0          *s (glob)
  $ kubectl exec tool -- kubectl get po tool -o jsonpath='{.spec.serviceAccountName}{"\n"}'
  viewer
  $ kubectl exec tool -- sh -c 'kubectl get pods -o name; kubectl get pods -A'
  pod/tool
  Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:default:viewer" cannot list resource "pods" in API group "" at the cluster scope
  command terminated with exit code 1
  [1]
  $ kubectl exec tool -- kubectl delete pod tool
  Error from server (Forbidden): pods "tool" is forbidden: User "system:serviceaccount:default:viewer" cannot delete resource "pods" in API group "" in the namespace "default"
  command terminated with exit code 1
  [1]
  $ kubectl exec tool -- sh -c 'kubectl auth can-i list pods; kubectl auth can-i create deployments; kubectl auth whoami | head -2'
  yes
  no
  ATTRIBUTE                                           VALUE
  Username                                            system:serviceaccount:default:viewer

A CronJob that restarts a deployment, and one that may not.

  $ kubectl create deployment web --image=nginx && kubectl create role restarter --verb=get,patch --resource=deployments.apps && kubectl create serviceaccount restarter
  deployment.apps/web created
  role.rbac.authorization.k8s.io/restarter created
  serviceaccount/restarter created
  $ kubectl create job again --image=bitnami/kubectl --dry-run=client -o json -- kubectl rollout restart deployment/web | jq '.spec.backoffLimit=0|.spec.template.spec.serviceAccountName="restarter"' | kubectl apply -f - && podsim clock advance 20s >/dev/null; kubectl logs job/again
  job.batch/again created
  Error from server (Forbidden): deployments.apps "web" is forbidden: User "system:serviceaccount:default:restarter" cannot get resource "deployments" in API group "apps" in the namespace "default"
  $ kubectl create rolebinding restarter --role=restarter --serviceaccount=default:restarter && kubectl delete job again && kubectl create job again --image=bitnami/kubectl --dry-run=client -o json -- kubectl rollout restart deployment/web | jq '.spec.template.spec.serviceAccountName="restarter"' | kubectl apply -f - && podsim clock advance 20s >/dev/null; kubectl logs job/again && kubectl get rs
  rolebinding.rbac.authorization.k8s.io/restarter created
  job.batch "again" deleted
  job.batch/again created
  deployment.apps/web restarted
  NAME             DESIRED   CURRENT   READY   AGE
  web-*   *   *   *   * (glob)
  web-*   *   *   *   * (glob)

Without a token there is nobody to ask.

  $ kubectl run bare --image=bitnami/kubectl --restart=Never --overrides='{"spec":{"automountServiceAccountToken":false}}' -- get pods && podsim clock advance 10s >/dev/null; kubectl logs bare
  pod/bare created
  The connection to the server localhost:8080 was refused - did you specify the right host or port?

It reads what the shell gives it, writes where the shell says, and knows custom resources.

  $ kubectl create serviceaccount operator && kubectl create clusterrolebinding operator --clusterrole=cluster-admin --serviceaccount=default:operator && kubectl run ops --image=bitnami/kubectl --overrides='{"spec":{"serviceAccountName":"operator"}}' --command -- sleep 100000 && kubectl wait --for=condition=Ready pod/ops
  serviceaccount/operator created
  clusterrolebinding.rbac.authorization.k8s.io/operator created
  pod/ops created
  pod/ops condition met
  $ cat > script.sh <<'END'
  > kubectl apply -f - <<E
  > apiVersion: apiextensions.k8s.io/v1
  > kind: CustomResourceDefinition
  > metadata: {name: toys.example.com}
  > spec:
  >   group: example.com
  >   names: {kind: Toy, plural: toys, singular: toy, shortNames: [ty]}
  >   scope: Namespaced
  >   versions:
  >   - name: v1
  >     served: true
  >     storage: true
  >     schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
  > E
  > kubectl wait --for=condition=Established crd/toys.example.com
  > printf 'apiVersion: example.com/v1\nkind: Toy\nmetadata: {name: ball}\ncolour: red\n' > /tmp/toy.yaml
  > kubectl apply -f /tmp/toy.yaml && kubectl get ty -o jsonpath='{.items[*].colour}' | tr a-z A-Z; echo
  > kubectl get toys -o json | jq -r '.items[].metadata.name'
  > kubectl get pods --no-headers | awk '$3 == "Running" {print $1}' | grep -v web
  > kubectl -n nowhere get pods; echo $?
  > kubectl frob; echo $?
  > kubectl delete toy nothing; echo $?
  > END
  $ kubectl exec -i ops -- sh < script.sh
  customresourcedefinition.apiextensions.k8s.io/toys.example.com created
  customresourcedefinition.apiextensions.k8s.io/toys.example.com condition met
  toy.example.com/ball created
  RED
  ball
  ops
  tool
  No resources found in nowhere namespace.
  0
  error: unknown command "frob" for "kubectl"
  1
  Error from server (NotFound): toys.example.com "nothing" not found
  1
  $ kubectl exec ops -- sh -c 'kubectl run once --image=busybox:1.36 --rm -i --restart=Never -q -- echo from within; kubectl exec ops -- hostname; kubectl config current-context; kubectl cluster-info | head -1; kubectl -s http://localhost:8001 get pods'
  from within
  ops
  error: current-context is not set
  Kubernetes control plane is running at https://10.96.0.1:443
  The connection to the server localhost:8001 was refused - did you specify the right host or port?
  command terminated with exit code 1
  [1]
  $ kubectl exec ops -- sh -c 'S=/var/run/secrets/kubernetes.io/serviceaccount; kubectl --server=https://kubernetes.default --token=$(cat $S/token) get ns default -o name; kubectl --server=https://kubernetes.default --certificate-authority=$S/ca.crt --token=$(cat $S/token) get ns default -o name; kubectl --token=wrong get pods'
  Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority
  namespace/default
  error: You must be logged in to the server (Unauthorized)
  command terminated with exit code 1
  [1]

What waits does so in the cluster's time, over as many commands as pass meanwhile, and ends with its container.

  $ cat > waits.yaml <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: waits}
  > spec:
  >   serviceAccountName: operator
  >   restartPolicy: Never
  >   initContainers:
  >   - {name: first, image: bitnami/kubectl, args: [wait, --for=create, deployment/late, --timeout=5m]}
  >   - {name: second, image: bitnami/kubectl, args: [rollout, status, deployment/late, --timeout=5m]}
  >   containers:
  >   - {name: main, image: bitnami/kubectl, args: [get, pods, -l, app=late, -w, -o, name]}
  > END
  $ kubectl apply -f waits.yaml
  pod/waits created
  $ for i in 1 2 3 4 5 6; do podsim clock advance 5s -q; done; kubectl get pod waits
  NAME    READY   STATUS     RESTARTS   AGE
  waits   0/1     Init:0/2   0          30s
  $ kubectl create deployment late --image=nginx && for i in 1 2 3 4 5 6; do podsim clock advance 5s -q; done; kubectl get pod waits
  deployment.apps/late created
  NAME    READY   STATUS    RESTARTS   AGE
  waits   1/1     Running   0          60s
  $ kubectl logs waits -c first; kubectl logs waits -c second; kubectl logs waits -c main
  deployment.apps/late condition met
  Waiting for deployment "late" rollout to finish: 0 of 1 updated replicas are available...
  deployment "late" successfully rolled out
  pod/late-* (glob)
  $ kubectl delete pod waits --now && kubectl get pod waits
  pod "waits" deleted
  Error from server (NotFound): pods "waits" not found
  [1]

Kubernetes' own image and Rancher's have kubectl and nothing else.

  $ kubectl run shell --image=registry.k8s.io/kubectl:v1.33.0 --restart=Never --command -- sh -c 'kubectl get pods' && kubectl run own --image=registry.k8s.io/kubectl:v1.33.0 --restart=Never -- auth whoami -o 'jsonpath={.status.userInfo.username}' && podsim clock advance 20s -q; kubectl get pods shell own && kubectl logs own
  pod/shell created
  pod/own created
  NAME    READY   STATUS       RESTARTS   AGE
  shell   0/1     StartError   0          20s
  own     0/1     Completed    0          20s
  system:serviceaccount:default:default (no-eol)
