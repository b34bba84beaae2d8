# What a hostPath volume of an OrCreate type makes on the node, and what it does not.

  $ mounting() { cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: $1}
  > spec:
  >   containers: [{name: c, image: "busybox:1.36", command: [sleep, 1h], volumeMounts: [{name: v, mountPath: /v}]}]
  >   volumes: [{name: v, hostPath: {path: $2, type: $3}}]
  > Y
  > }
  $ mounting file-alone /var/local/aaa/1.txt FileOrCreate
  pod/file-alone created
  $ mounting under-file /etc/hostname/a/b DirectoryOrCreate
  pod/under-file created
  $ mounting file-under-file /etc/hostname/a FileOrCreate
  pod/file-under-file created
  $ tick 1s
  $ mounting directory /var/local/aaa DirectoryOrCreate
  pod/directory created
  $ kubectl get events --field-selector reason=FailedMount -o jsonpath='{range .items[*]}{.involvedObject.name}: {.message}{"\n"}{end}' | sort
  file-alone: MountVolume.SetUp failed for volume "v" : open /var/local/aaa/1.txt: no such file or directory
  file-under-file: MountVolume.SetUp failed for volume "v" : open /etc/hostname/a: not a directory
  under-file: MountVolume.SetUp failed for volume "v" : mkdir /etc/hostname: not a directory
  $ tick 10s
  $ kubectl get pods --no-headers | awk '{print $1, $3}'
  directory Running
  file-alone Running
  file-under-file ContainerCreating
  under-file ContainerCreating
