# A pod asks the API server with its service account's token, and gets what that account may see.

  $ kubectl create serviceaccount lister
  serviceaccount/lister created
  $ kubectl create role pods --verb=get,list,create --resource=pods
  role.rbac.authorization.k8s.io/pods created
  $ kubectl create rolebinding pods --role=pods --serviceaccount=default:lister
  rolebinding.rbac.authorization.k8s.io/pods created
  $ kubectl run client --image=curlimages/curl:8.10.1 --overrides='{"spec":{"serviceAccountName":"lister"}}' -- sleep 3600
  pod/client created
  $ kubectl wait --for=condition=Ready pod/client
  pod/client condition met
  $ kubectl exec client -- curl -sS https://kubernetes/api 2>&1 | head -1
  curl: (60) SSL certificate problem: unable to get local issuer certificate
  $ kubectl exec client -- curl -sk https://kubernetes/api
  {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": "forbidden: User \"system:anonymous\" cannot get path \"/api\"",
    "reason": "Forbidden",
    "details": {},
    "code": 403
  } (no-eol)
  $ cat > ask.sh <<'EOF'
  > cd /var/run/secrets/kubernetes.io/serviceaccount
  > ask() { curl -s --cacert ca.crt -H "Authorization: Bearer $(cat token)" "$@"; }
  > api=https://kubernetes.default.svc/api/v1/namespaces/$(cat namespace)
  > ask $api/pods | head -6
  > ask $api/secrets | grep message
  > ask -X POST -H 'Content-Type: application/json' -d '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"made"},"spec":{"containers":[{"name":"c","image":"nginx"}]}}' $api/pods | head -5
  > curl -sk -o /dev/null -w '%{http_code}\n' -H 'Authorization: Bearer nonsense' $api/pods
  > EOF
  $ kubectl exec -i client -- sh < ask.sh
  {
    "kind": "PodList",
    "apiVersion": "v1",
    "metadata": {
      "resourceVersion": "*" (glob)
    },
    "message": "secrets is forbidden: User \"system:serviceaccount:default:lister\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\"",
  {
    "kind": "Pod",
    "apiVersion": "v1",
    "metadata": {
      "name": "made",
  401
  $ kubectl get pod made --no-headers | awk '{print $1, $2}'
  made 0/1
