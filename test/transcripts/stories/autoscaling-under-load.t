# The autoscaler's walk-through: requests cost processor time, replicas follow, and go again.

  $ kubectl create deployment php-apache --image=registry.k8s.io/hpa-example --port=80
  deployment.apps/php-apache created
  $ kubectl set resources deployment php-apache --requests=cpu=200m --limits=cpu=500m
  deployment.apps/php-apache resource requirements updated
  $ kubectl expose deployment php-apache
  service/php-apache exposed
  $ kubectl autoscale deployment php-apache --cpu-percent=50 --min=1 --max=10
  horizontalpodautoscaler.autoscaling/php-apache autoscaled
  $ tick 1m
  $ kubectl get hpa php-apache --no-headers | awk '{print $4, $7}'
  0%/50% 1
  $ kubectl run load --image=busybox:1.28 --restart=Never -- /bin/sh -c 'while sleep 0.01; do wget -q -O- http://php-apache; done'
  pod/load created
  $ tick 30s
  $ kubectl top pods -l app=php-apache --no-headers | awk '{sum += $2} END {print (sum > 300)}'
  1
  $ tick 90s
  $ test "$(kubectl get deployment php-apache -o jsonpath='{.status.readyReplicas}')" -gt 3 && echo grown
  grown
  $ kubectl get events --field-selector reason=SuccessfulRescale -o jsonpath='{.items[0].message}{"\n"}'
  New size: 4; reason: cpu resource utilization (percentage of request) above target
  $ kubectl delete pod load --now
  pod "load" deleted
  $ tick 7m
  $ kubectl get hpa php-apache --no-headers | awk '{print $4, $7}'
  0%/50% 1
