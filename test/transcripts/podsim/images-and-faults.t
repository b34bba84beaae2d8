# Images of one's own, pulls that fail, and what can be broken on purpose.

  $ podsim image add acme/app --listen 8080 --log 'ready to serve' --http /healthz=200
  image acme/app added
  $ kubectl run app --image=acme/app
  pod/app created
  $ tick 20s
  $ kubectl get pod app
  NAME   READY   STATUS    RESTARTS   AGE
  app    1/1     Running   0          20s
  $ kubectl logs app
  ready to serve
  $ podsim image add job --exit-code 3 --after 5s
  image job added
  $ kubectl run job --image=job --restart=Never
  pod/job created
  $ tick 30s
  $ kubectl get pod job -o jsonpath='{.status.phase} {.status.containerStatuses[0].state.terminated.exitCode}{"\n"}'
  Failed 3

# A pull that is told to fail.

  $ podsim image fail nginx --reason auth
  pulls of nginx fail: auth
  $ kubectl run web --image=nginx
  pod/web created
  $ tick 5s
  $ kubectl get pod web --no-headers | awk '{print $3}'
  ErrImagePull
  $ podsim image remove nginx
  image nginx removed
  $ podsim fault list
  No faults.
  $ tick 1m
  $ kubectl get pod web --no-headers | awk '{print $3}'
  Running

# A container that runs out of memory is killed, and started again.

  $ podsim fault oom web
  pod/web container web ran out of memory
  $ tick 3s
  $ kubectl get pod web -o jsonpath='{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].lastState.terminated.reason} {.status.containerStatuses[0].lastState.terminated.exitCode}{"\n"}'
  1 OOMKilled 137
  $ podsim fault kill nope
  error: pods "nope" not found
  [1]

# An image of one's own takes as long to pull as it is told to.

  $ podsim image add slow/app --pull-time 42s
  image slow/app added
  $ kubectl run slow --image=slow/app
  pod/slow created
  $ tick 1m
  $ kubectl get events --field-selector reason=Pulled,involvedObject.name=slow -o jsonpath='{.items[0].message}{"\n"}'
  Successfully pulled image "slow/app" in 42s (42s including waiting). Image size: 52428800 bytes.
