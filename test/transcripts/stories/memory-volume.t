# A volume in memory is as large as its limit, or as what its pod may have; who writes more is told so, and nobody is evicted.

  $ memory() { cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: $1}
  > spec:
  >   containers:
  >   - {name: a, image: "busybox:1.36", command: [sleep, "1000"], volumeMounts: [{name: cache, mountPath: /cache}], resources: $3}
  >   volumes:
  >   - {name: cache, emptyDir: {medium: Memory$2}}
  > Y
  > }
  $ memory sized ', sizeLimit: 4Mi' '{limits: {memory: 64Mi}}'
  pod/sized created
  $ memory limited ', sizeLimit: 1Gi' '{limits: {memory: 64Mi}}'
  pod/limited created
  $ memory free '' '{}'
  pod/free created
  $ tick 15s
  $ for pod in sized limited free; do kubectl exec $pod -- sh -c 'grep /cache /proc/mounts; df -h /cache | tail -n 1'; done
  tmpfs /cache tmpfs rw,relatime,size=4096k,inode64,noswap 0 0
  tmpfs                     4.0M         0      4.0M   0% /cache
  tmpfs /cache tmpfs rw,relatime,size=65536k,inode64,noswap 0 0
  tmpfs                    64.0M         0     64.0M   0% /cache
  tmpfs /cache tmpfs rw,relatime,size=8388608k,inode64,noswap 0 0
  tmpfs                     8.0G         0      8.0G   0% /cache
  $ kubectl exec sized -- sh -c 'dd if=/dev/zero of=/cache/big bs=1M count=10; echo $?; df -k /cache | tail -n 1; echo more > /cache/more; echo $?; rm /cache/big; echo more > /cache/more'
  dd: error writing '/cache/big': No space left on device
  5+0 records in
  4+0 records out
  4194304 bytes (4.0MB) copied, * (glob)
  1
  tmpfs                     4096      4096         0 100% /cache
  sh: write error: No space left on device
  1
  $ tick 30s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3}'
  free 1/1 Running
  limited 1/1 Running
  sized 1/1 Running
