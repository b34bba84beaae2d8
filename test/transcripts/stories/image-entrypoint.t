Arguments of an image with docker-library's entrypoint script: a command of its own takes the script's place.

  $ podsim cluster create --clock paused --time 2026-01-01T00:00:00Z --seed 1 --force >/dev/null
  $ kubectl run web --image=nginx --restart=Never --env=var1=val1 -i --rm -- env </dev/null | grep var1
  var1=val1
  $ kubectl run say --image=redis:7 --restart=Never -- sh -c 'echo hello from $0'
  pod/say created
  $ tick 5s
  $ kubectl get pod say
  NAME   READY   STATUS      RESTARTS   AGE
  say    0/1     Completed   0          5s
  $ kubectl logs say
  hello from sh
  $ kubectl run client --image=mysql:8.0 --restart=Never -- mysql -h nowhere -ppassword
  pod/client created
  $ tick 10s
  $ kubectl logs client | tail -1
  ERROR 2005 (HY000): Unknown MySQL server host 'nowhere' (-2)
  $ kubectl run wrong --image=nginx --restart=Never -- nosuch
  pod/wrong created
  $ tick 10s
  $ kubectl get pod wrong -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}{"\n"}'
  127
  $ kubectl logs wrong
  /docker-entrypoint.sh: *: exec: nosuch: not found (glob)
Options, and the image's own program, are still the server's:
  $ kubectl run store --image=redis:7 -- --port 7000
  pod/store created
  $ kubectl run other --image=nginx -- nginx -g 'daemon off;'
  pod/other created
  $ tick 10s
  $ kubectl get pods store other
  NAME    READY   STATUS    RESTARTS   AGE
  store   1/1     Running   0          10s
  other   1/1     Running   0          10s
