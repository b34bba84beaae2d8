A token's Secret that is deleted is forgotten by its account, and goes with it.

  $ printf 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\nsecrets: [{name: robot-token}, {name: other}]\n' | kubectl create -f -
  serviceaccount/robot created
  $ token() { printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: %s, annotations: {kubernetes.io/service-account.name: robot}}\ntype: kubernetes.io/service-account-token\n' "$1" | kubectl create -f -; }
  $ token robot-token
  secret/robot-token created
  $ kubectl delete secret robot-token
  secret "robot-token" deleted
  $ kubectl get serviceaccount robot -o jsonpath='{.secrets}' && echo
  [{"name":"other"}]
  $ token second
  secret/second created
  $ kubectl get secret second -o go-template='{{range $key, $_ := .data}}{{$key}} {{end}}{{"\n"}}'
  ca.crt namespace token 
  $ kubectl delete serviceaccount robot
  serviceaccount "robot" deleted
  $ kubectl get secrets
  No resources found in default namespace.
