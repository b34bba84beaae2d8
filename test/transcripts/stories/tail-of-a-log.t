# A sidecar that follows a log by its name: the file comes later than the sidecar, and is taken away for a while.

  $ kubectl apply -f - <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: shipper}
  > spec:
  >   initContainers:
  >   - {name: small, image: busybox:1.36, restartPolicy: Always, command: [tail, -F, /logs/app], volumeMounts: [{name: logs, mountPath: /logs}]}
  >   - {name: gnu, image: debian:12, restartPolicy: Always, command: [tail, -F, /logs/app], volumeMounts: [{name: logs, mountPath: /logs}]}
  >   containers:
  >   - {name: app, image: busybox:1.36, command: [sh, -c, 'sleep 5; echo one > /logs/app; sleep 5; rm /logs/app; sleep 5; echo two > /logs/app; sleep 1h'], volumeMounts: [{name: logs, mountPath: /logs}]}
  >   volumes: [{name: logs, emptyDir: {}}]
  > END
  pod/shipper created
  $ podsim clock advance -q 40s
  $ kubectl logs shipper -c small
  tail: can't open '/logs/app': No such file or directory
  tail: /logs/app has appeared; following end of new file
  one
  tail: /logs/app has become inaccessible: No such file or directory
  tail: /logs/app has appeared; following end of new file
  two
  $ kubectl logs shipper -c gnu
  tail: cannot open '/logs/app' for reading: No such file or directory
  tail: '/logs/app' has appeared;  following new file
  one
  tail: '/logs/app' has become inaccessible: No such file or directory
  tail: '/logs/app' has appeared;  following new file
  two
