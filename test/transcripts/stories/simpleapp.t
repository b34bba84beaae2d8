The server of the CKAD exercises: it says which pod answered.

  $ kubectl create deployment foo --image=dgkanatsios/simpleapp --port=8080 && kubectl expose deploy foo --port=6262 --target-port=8080
  deployment.apps/foo created
  service/foo exposed
  $ kubectl rollout status deploy foo
  Waiting for deployment "foo" rollout to finish: 0 of 1 updated replicas are available...
  deployment "foo" successfully rolled out
  $ kubectl run busybox --image=busybox -i --rm --restart=Never -- sh -c 'wget -qO- foo:6262' | sed 's/foo-[0-9a-f]*-[0-9a-z]*/POD/'
  Hello world from POD
  pod "busybox" deleted
  $ kubectl logs deploy/foo | sed 's/ffff:.* on .*/ffff:ADDRESS/'
  
  > simpleapp@1.0.0 start /usr/src/app
  > node server.js
  
  Running on http://0.0.0.0:8080
  IP: ::ffff:ADDRESS
