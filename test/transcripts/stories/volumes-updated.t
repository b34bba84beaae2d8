A ConfigMap's directory after an update: the files of before are gone, but for a container that has one of them mounted by subPath.

  $ kubectl create configmap app --from-literal=mode=one
  configmap/app created
  $ kubectl apply -f - <<'X'
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: reader}
  > spec:
  >   containers:
  >   - {name: whole, image: busybox, command: [sleep, 1h], volumeMounts: [{name: app, mountPath: /etc/app}]}
  >   volumes: [{name: app, configMap: {name: app}}]
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: bound}
  > spec:
  >   containers:
  >   - {name: part, image: busybox, command: [sleep, 1h], volumeMounts: [{name: app, mountPath: /etc/mode, subPath: mode}]}
  >   volumes: [{name: app, configMap: {name: app}}]
  > X
  pod/reader created
  pod/bound created
  $ kubectl wait --for=condition=Ready pod/reader pod/bound
  pod/reader condition met
  pod/bound condition met
  $ kubectl patch configmap app -p '{"data":{"mode":"two"}}'
  configmap/app patched
  $ podsim clock advance -q 2m
  $ kubectl exec reader -- sh -c 'cat /etc/app/mode; echo; ls -a /etc/app | grep -c "^\.\.2"'
  two
  1
  $ kubectl exec bound -- cat /etc/mode; echo
  one
