What a subresource changes of a pod is admitted like what a pod is made with: a resize by quota and limit range, an ephemeral container
by the namespace's pod security.

  $ kubectl create quota q --hard=requests.cpu=1
  resourcequota/q created
  $ printf 'apiVersion: v1\nkind: LimitRange\nmetadata: {name: lr}\nspec: {limits: [{type: Container, max: {cpu: 800m}}]}\n' | kubectl create -f -
  limitrange/lr created
  $ printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx, resources: {requests: {cpu: 300m}, limits: {cpu: 500m}}}]}\n' | kubectl create -f -
  pod/p created
  $ kubectl wait --for=condition=Ready pod/p
  pod/p condition met
  $ kubectl patch pod p --subresource resize -p '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"2"}}}]}}'
  Error from server (Forbidden): pods "p" is forbidden: maximum cpu usage per Container is 800m, but limit is 2
  [1]
  $ kubectl delete limitrange lr
  limitrange "lr" deleted
  $ kubectl patch pod p --subresource resize -p '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"2"}}}]}}'
  Error from server (Forbidden): pods "p" is forbidden: exceeded quota: q, requested: requests.cpu=1700m, used: requests.cpu=300m, limited: requests.cpu=1
  [1]
  $ kubectl patch pod p --subresource resize -p '{"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"400m"}}}]}}'
  pod/p patched
  $ kubectl get quota q -o jsonpath='{.status.used}' && echo
  {"requests.cpu":"400m"}
  $ kubectl label namespace default pod-security.kubernetes.io/enforce=baseline
  namespace/default labeled
  $ kubectl debug p --image=busybox -c e --profile=sysadmin -- sleep 5
  Error from server (Forbidden): pods "p" is forbidden: violates PodSecurity "baseline:latest": privileged (container "e" must not set securityContext.privileged=true)
  [1]
  $ kubectl debug p --image=busybox -c e --profile=baseline -- sleep 5
