# A directory cannot be mounted on a file, nor a file on a directory: the forgotten subPath, the key that is not there.

  $ kubectl create configmap c --from-literal=nginx.conf='events {} http { server { listen 80; } }' --from-literal=a=1
  configmap/c created
  $ mounting() { cat <<Y | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata: {name: $1}
  > spec:
  >   containers: [{name: web, image: "nginx:1.27", volumeMounts: [{name: c, $2}]}]
  >   volumes: [{name: c, configMap: {name: c}}]
  > Y
  > }
  $ mounting no-subpath 'mountPath: /etc/nginx/nginx.conf'
  pod/no-subpath created
  $ mounting no-key 'mountPath: /etc/nginx/nginx.conf, subPath: nope.conf'
  pod/no-key created
  $ mounting file-on-directory 'mountPath: /etc/nginx, subPath: a'
  pod/file-on-directory created
  $ mounting fits 'mountPath: /etc/nginx/nginx.conf, subPath: nginx.conf'
  pod/fits created
  $ tick 10s
  $ kubectl get pods --no-headers | awk '{print $1, $2, $3}'
  file-on-directory 0/1 (RunContainerError|CrashLoopBackOff) (re)
  fits 1/1 Running
  no-key 0/1 (RunContainerError|CrashLoopBackOff) (re)
  no-subpath 0/1 (RunContainerError|CrashLoopBackOff) (re)
  $ kubectl get pod no-subpath -o jsonpath='{.status.containerStatuses[0].lastState.terminated.message}{"\n"}' | sed 's/[0-9a-f]\{8\}-[0-9a-f-]*/UID/g'
  failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/var/lib/kubelet/pods/UID/volumes/kubernetes.io~configmap/c" to rootfs at "/etc/nginx/nginx.conf": mount src=/var/lib/kubelet/pods/UID/volumes/kubernetes.io~configmap/c, dst=/etc/nginx/nginx.conf, dstFd=/proc/thread-self/fd/11, flags=MS_RDONLY|MS_BIND|MS_REC: not a directory: unknown
  $ kubectl get events --field-selector involvedObject.name=no-key,reason=Failed -o jsonpath='{.items[0].message}{"\n"}' | grep -o 'volume-subpaths/c/web/0" to rootfs at "/etc/nginx/nginx.conf"'
  volume-subpaths/c/web/0" to rootfs at "/etc/nginx/nginx.conf"
