# A subPath of what is no directory, and one that leads out of its volume: nothing is said of why, lest it tell of the node.

  $ mounting() { cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: $1}
  > spec:
  >   restartPolicy: Never
  >   initContainers: [{name: i, image: "busybox:1.36", command: [sh, -c, "$4"], volumeMounts: [{name: e, mountPath: /e}]}]
  >   containers: [{name: c, image: "busybox:1.36", command: [sh, -c, "ls /v"], volumeMounts: [{name: $2, mountPath: /v, subPath: $3}]}]
  >   volumes: [{name: v, hostPath: {path: /etc/hostname, type: File}}, {name: c, configMap: {name: c}}, {name: e, emptyDir: {}}]
  > Y
  > }
  $ kubectl create configmap c --from-literal=a=b
  configmap/c created
  $ mounting host-file v config.toml true; mounting under-file e a/b 'echo > /e/a'; mounting under-key c a/b true
  pod/host-file created
  pod/under-file created
  pod/under-key created
  $ mounting outside e l 'ln -s /etc /e/l'; mounting above e l 'ln -s .. /e/l'; mounting nowhere e l 'ln -s x/y /e/l'
  pod/outside created
  pod/above created
  pod/nowhere created
  $ mounting within e l/new 'mkdir /e/d; touch /e/d/f; ln -s d /e/l'; mounting linked e l 'mkdir /e/d; touch /e/d/f; ln -s d /e/l'; mounting fresh e x/y true
  pod/within created
  pod/linked created
  pod/fresh created
  $ tick 40s
  $ kubectl get pods --no-headers | awk '{print $1, $3}'
  above CreateContainerConfigError
  fresh Completed
  host-file CreateContainerConfigError
  linked Completed
  nowhere CreateContainerConfigError
  outside CreateContainerConfigError
  under-file CreateContainerConfigError
  under-key CreateContainerConfigError
  within Completed
  $ kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}: {.status.containerStatuses[0].state.waiting.message}{"\n"}{end}' | grep failed
  above: failed to prepare subPath for volumeMount "e" of container "c"
  host-file: failed to prepare subPath for volumeMount "v" of container "c"
  nowhere: failed to create subPath directory for volumeMount "e" of container "c"
  outside: failed to prepare subPath for volumeMount "e" of container "c"
  under-file: failed to prepare subPath for volumeMount "e" of container "c"
  under-key: failed to prepare subPath for volumeMount "c" of container "c"
  $ kubectl logs linked -c c
  f
