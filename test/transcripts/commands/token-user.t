A service account's token is good while it lasts (and a minute more, as clocks may differ) and the account is the same.

  $ kubectl create serviceaccount robot && kubectl create rolebinding view --clusterrole=view --serviceaccount=default:robot
  serviceaccount/robot created
  rolebinding.rbac.authorization.k8s.io/view created
  $ kubectl config set-credentials robot --token="$(kubectl create token robot --duration=10m)"
  User "robot" set.
  $ kubectl get pods --user=robot
  No resources found in default namespace.
  $ kubectl get nodes --user=robot
  Error from server (Forbidden): nodes is forbidden: User "system:serviceaccount:default:robot" cannot list resource "nodes" in API group "" at the cluster scope
  [1]
  $ podsim clock advance 12m -q
  $ kubectl get pods --user=robot
  error: You must be logged in to the server (Unauthorized)
  [1]
  $ kubectl create token robot > token && kubectl delete serviceaccount robot && kubectl create serviceaccount robot
  serviceaccount "robot" deleted
  serviceaccount/robot created
  $ kubectl get pods --token="$(cat token)"
  error: You must be logged in to the server (Unauthorized)
  [1]
