# To exec, attach or forward a port one of two verbs will do: get, for a WebSocket is asked for first, or create, for SPDY is asked for then.

  $ kubectl run web --image=nginx
  pod/web created
  $ tick 20s
  $ role() { kubectl create role $1 --verb=$2 --resource=$3 && kubectl create rolebinding $1 --role=$1 --user=$1; }
  $ role jane get pods >/dev/null; role joe create pods/exec,pods/portforward >/dev/null; role ann get pods,pods/exec >/dev/null
  $ kubectl create rolebinding joe-too --role=jane --user=joe
  rolebinding.rbac.authorization.k8s.io/joe-too created
  $ kubectl exec web --as=jane -- hostname
  Error from server (Forbidden): pods "web" is forbidden: User "jane" cannot create resource "pods/exec" in API group "" in the namespace "default"
  [1]
  $ kubectl exec web --as=joe -- hostname
  web
  $ kubectl exec web --as=ann -- hostname
  web
  $ kubectl port-forward web 18080:80 --as=ann
  error: error upgrading connection: pods "web" is forbidden: User "ann" cannot create resource "pods/portforward" in API group "" in the namespace "default"
  [1]
