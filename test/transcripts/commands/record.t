# --record is deprecated and still there: rollout history shows the command as the CHANGE-CAUSE.

  $ kubectl create deployment web --image=nginx:1.26
  deployment.apps/web created
  $ kubectl set image deploy/web nginx=nginx:1.27 --record
  Flag --record has been deprecated, --record will be removed in the future
  deployment.apps/web image updated
  $ tick 10s
  $ kubectl annotate deploy web kubernetes.io/change-cause='by hand' --overwrite
  deployment.apps/web annotated
  $ kubectl rollout history deploy web
  deployment.apps/web 
  REVISION  CHANGE-CAUSE
  1         <none>
  2         by hand
  
  $ kubectl scale deployment/web --replicas 2 --record=true
  Flag --record has been deprecated, --record will be removed in the future
  deployment.apps/web scaled
  $ kubectl get deploy web -o jsonpath='{.metadata.annotations.kubernetes\.io/change-cause}{"\n"}'
  kubectl scale deployment/web --replicas=2 --record=true
  $ kubectl patch deploy web --record -p '{"spec":{"paused":false}}'
  Flag --record has been deprecated, --record will be removed in the future
  deployment.apps/web patched (no change)
  $ kubectl get deploy web -o jsonpath='{.metadata.annotations.kubernetes\.io/change-cause}{"\n"}'
  kubectl patch deploy web --record=true --patch={"spec":{"paused":false}}
  $ kubectl run p --image=nginx -l a=b --record -n default -- echo hi
  Flag --record has been deprecated, --record will be removed in the future
  pod/p created
  $ kubectl get pod p -o jsonpath='{.metadata.annotations}{"\n"}'
  {"kubernetes.io/change-cause":"kubectl run p echo hi --image=nginx --labels=a=b --record=true --namespace=default"}
  $ kubectl label pod p c=d --record=false
  Flag --record has been deprecated, --record will be removed in the future
  pod/p labeled
  $ kubectl delete pod p --record
  error: unknown flag: --record
  See 'kubectl delete --help' for usage.
  [1]
