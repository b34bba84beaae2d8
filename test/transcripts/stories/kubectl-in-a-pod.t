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
  ATTRIBUTE   VALUE
  Username    system:serviceaccount:default:viewer

A CronJob that restarts a deployment, and one that may not.

  $ kubectl create deployment web --image=nginx && kubectl create role restarter --verb=get,patch --resource=deployments.apps && kubectl create serviceaccount restarter
  deployment.apps/web created
  role.rbac.authorization.k8s.io/restarter created
  serviceaccount/restarter created
  $ kubectl create job again --image=bitnami/kubectl --dry-run=client -o json -- kubectl rollout restart deployment/web | jq '.spec.backoffLimit=0|.spec.template.spec.serviceAccountName="restarter"' | kubectl apply -f - && podsim clock advance 20s >/dev/null; kubectl logs job/again
  job.batch/again created
  Error from server (Forbidden): deployments.apps "web" is forbidden: User "system:serviceaccount:default:restarter" cannot patch resource "deployments" in API group "apps" in the namespace "default"
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
