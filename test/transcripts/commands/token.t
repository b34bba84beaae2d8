# A bearer token is presented to the cluster of this machine as it would be to a server: who comes with it is whom it was made for.

  $ kubectl create serviceaccount robot
  serviceaccount/robot created

  $ kubectl auth whoami --token=$(kubectl create token robot) -o jsonpath='{.status.userInfo.username}{"\n"}'
  system:serviceaccount:default:robot

The server says when it looked.

  $ kubectl auth whoami -o yaml | head -6
  apiVersion: authentication.k8s.io/v1
  kind: SelfSubjectReview
  metadata:
    creationTimestamp: "20*Z" (glob)
  status:
    userInfo:

  $ kubectl get pods --token=$(kubectl create token robot)
  Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:default:robot" cannot list resource "pods" in API group "" in the namespace "default"
  [1]

  $ kubectl create rolebinding robot --clusterrole=view --serviceaccount=default:robot
  rolebinding.rbac.authorization.k8s.io/robot created

  $ kubectl get pods --token=$(kubectl create token robot)
  No resources found in default namespace.

  $ kubectl get pods --token=nobody
  error: You must be logged in to the server (Unauthorized)
  [1]

The same by the kubeconfig.

  $ kubectl config set-credentials robot --token=$(kubectl create token robot)
  User "robot" set.

  $ kubectl auth whoami --user=robot -o jsonpath='{.status.userInfo.username}{"\n"}'
  system:serviceaccount:default:robot

Somebody's groups without somebody are nobody's.

  $ kubectl get pods --as-group=devs
  error: requesting uid, groups or user-extra for default without impersonating a user
  [1]

--server means that server.

  $ kubectl get pods --server=http://127.0.0.1:49998
  The connection to the server 127.0.0.1:49998 was refused - did you specify the right host or port?
  [1]
