# ps at the head of a pipe sees the programs it writes to; a web server that reads its configuration again has new workers.

  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ kubectl apply -f - <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: pair}
  > spec:
  >   shareProcessNamespace: true
  >   containers:
  >   - {name: web, image: nginx:1.27}
  >   - {name: shell, image: busybox:1.36, command: [sleep, 1h], securityContext: {capabilities: {add: [SYS_PTRACE]}}}
  > END
  pod/pair created
  $ kubectl wait --for=condition=Ready pod/web pod/pair
  pod/web condition met
  pod/pair condition met
  $ kubectl exec pair -c shell -- sh -c 'ps | grep nginx' | sed 's/^ *[0-9]* *//'
  root      0:00 nginx: master process nginx -g daemon off;
  root      0:00 sh -c ps | grep nginx
  root      0:00 grep nginx
  101       0:00 nginx: worker process
  $ worker() { kubectl exec pair -c shell -- ps | grep 'nginx: worker' | awk '{ print $1 }'; }
  $ before=$(worker)
  $ kubectl exec pair -c shell -- sh -c 'kill -HUP $(pgrep -f "[n]ginx: master")'
  $ after=$(worker); test -n "$after" && test "$after" != "$before" && echo another
  another

Programs lie where their packages put them.

  $ kubectl exec web -- which nginx curl nginx-debug
  /usr/sbin/nginx
  /usr/bin/curl
  /usr/sbin/nginx-debug
