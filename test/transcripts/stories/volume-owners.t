Who may write to a volume: anybody to an emptyDir; with fsGroup what is made there is the group's (task page "security context").

  $ podsim cluster create --clock paused --time 2026-01-01T00:00:00Z --seed 1 --force >/dev/null
  $ kubectl apply -f - <<'YAML'
  > {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {color: blue}}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: security-context-demo}
  > spec:
  >   securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000]}
  >   volumes:
  >   - {name: sec-ctx-vol, emptyDir: {}}
  >   - {name: settings, configMap: {name: settings, defaultMode: 0400}}
  >   containers:
  >   - name: sec-ctx-demo
  >     image: busybox:1.28
  >     command: [sh, -c, sleep 1h]
  >     volumeMounts:
  >     - {name: sec-ctx-vol, mountPath: /data/demo}
  >     - {name: settings, mountPath: /etc/settings}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: plain}
  > spec:
  >   securityContext: {runAsUser: 1000}
  >   volumes: [{name: v, emptyDir: {}}]
  >   containers: [{name: c, image: busybox:1.28, command: [sh, -c, "echo hello > /v/file; ls -l /v; sleep 1h"], volumeMounts: [{name: v, mountPath: /v}]}]
  > YAML
  configmap/settings created
  pod/security-context-demo created
  pod/plain created
  $ tick 10s
  $ kubectl exec security-context-demo -- sh -c 'cd /data; ls -l; cd demo; echo hello > testfile; mkdir sub; ls -l; id'
  total 4
  drwxrwsrwx    2 root     2000          4096 Jan  1 00:00 demo
  total 8
  drwxr-sr-x    2 1000     2000          4096 Jan  1 00:00 sub
  -rw-r--r--    1 1000     2000             6 Jan  1 00:00 testfile
  uid=1000 gid=3000 groups=2000,3000,4000
  $ kubectl exec security-context-demo -- sh -c 'ls -lL /etc/settings; cat /etc/settings/color; echo; echo x > /etc/passwd'
  total 4
  -r--r-----    1 root     2000             4 Jan  1 00:00 color
  blue
  sh: can't create /etc/passwd: Permission denied
  command terminated with exit code 1
  [1]
  $ kubectl logs plain
  total 4
  -rw-r--r--    1 1000     root             6 Jan  1 00:00 file

The directory of a volume that was provisioned is anybody's to write to.

  $ kubectl apply -f - <<'YAML'
  > {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: keeper}
  > spec:
  >   securityContext: {runAsUser: 1000, fsGroup: 1000}
  >   volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
  >   containers: [{name: c, image: busybox:1.28, command: [sh, -c, "mkdir /v/data && ls -ld /v; sleep 1h"], volumeMounts: [{name: v, mountPath: /v}]}]
  > YAML
  persistentvolumeclaim/data created
  pod/keeper created
  $ tick 20s
  $ kubectl logs keeper
  drwxrwxrwx    3 root     root          4096 Jan  1 00:00 /v
