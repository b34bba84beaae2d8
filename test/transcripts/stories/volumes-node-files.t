# A PersistentVolume of a directory that somebody has filled on the node, as the documentation's first example has it.

  $ kubectl debug node/podsim-control-plane -i --image=busybox:1.36 --profile=general -- sh -c 'mkdir -p /host/mnt/data; echo Hello from Kubernetes storage > /host/mnt/data/index.html; cat /host/etc/hostname'
  Creating debugging pod node-debugger-podsim-control-plane-* with container debugger on node podsim-control-plane. (glob)
  podsim-control-plane
  $ cat <<'END' | kubectl apply -f -
  > apiVersion: v1
  > kind: PersistentVolume
  > metadata:
  >   name: task-pv-volume
  > spec:
  >   storageClassName: manual
  >   capacity:
  >     storage: 10Gi
  >   accessModes: [ReadWriteOnce]
  >   hostPath:
  >     path: /mnt/data
  > ---
  > apiVersion: v1
  > kind: PersistentVolumeClaim
  > metadata:
  >   name: task-pv-claim
  > spec:
  >   storageClassName: manual
  >   accessModes: [ReadWriteOnce]
  >   resources:
  >     requests:
  >       storage: 3Gi
  > ---
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: task-pv-pod
  > spec:
  >   volumes:
  >   - name: store
  >     persistentVolumeClaim:
  >       claimName: task-pv-claim
  >   containers:
  >   - name: main
  >     image: nginx:1.27
  >     volumeMounts:
  >     - mountPath: /usr/share/nginx/html
  >       name: store
  > END
  persistentvolume/task-pv-volume created
  persistentvolumeclaim/task-pv-claim created
  pod/task-pv-pod created
  $ tick 15s
  $ kubectl get pvc
  NAME            STATUS   VOLUME           CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  task-pv-claim   Bound    task-pv-volume   10Gi       RWO            manual         <unset>                 15s
  $ kubectl exec task-pv-pod -- curl -s http://localhost/
  Hello from Kubernetes storage

# A server nobody can resolve, and a local disk that is not there.

  $ cat <<'END' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: nfs
  > spec:
  >   containers:
  >   - name: main
  >     image: nginx:1.27
  >     volumeMounts:
  >     - mountPath: /data
  >       name: share
  >   volumes:
  >   - name: share
  >     nfs:
  >       server: nfs-server.default.svc.cluster.local
  >       path: /exports
  > END
  pod/nfs created
  $ tick 1s
  $ kubectl describe pod nfs | sed -n '/^Events/,$p'
  Events:
    Type     Reason       Age              From               Message
    ----     ------       ----             ----               -------
    Normal   Scheduled    1s               default-scheduler  Successfully assigned default/nfs to podsim-control-plane
    Warning  FailedMount  ?s (x2 over 1s)  kubelet            MountVolume.SetUp failed for volume "share" : mount failed: exit status 32 (glob)
  Mounting command: mount
  Mounting arguments: -t nfs nfs-server.default.svc.cluster.local:/exports /var/lib/kubelet/pods/*/volumes/kubernetes.io~nfs/share (glob)
  Output: mount.nfs: Failed to resolve server nfs-server.default.svc.cluster.local: Name or service not known
  $ kubectl get events --field-selector involvedObject.name=nfs,reason=FailedMount
  LAST SEEN   TYPE      REASON        OBJECT    MESSAGE
  ?s          Warning   FailedMount   pod/nfs   MountVolume.SetUp failed for volume "share" : mount failed: exit status 32... (glob)

# A volume that lives as long as its pod.

  $ cat <<'END' | kubectl apply -f -
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: scratch
  > spec:
  >   containers:
  >   - name: main
  >     image: nginx:1.27
  >     volumeMounts:
  >     - mountPath: /data
  >       name: space
  >   volumes:
  >   - name: space
  >     ephemeral:
  >       volumeClaimTemplate:
  >         spec:
  >           accessModes: [ReadWriteOnce]
  >           resources:
  >             requests:
  >               storage: 1Gi
  > END
  pod/scratch created
  $ tick 10s
  $ kubectl get pvc scratch-space -o jsonpath='{.metadata.ownerReferences[0].kind}/{.metadata.ownerReferences[0].name} {.status.phase}{"\n"}'
  Pod/scratch Bound
  $ kubectl describe pod scratch | sed -n '/^Volumes/,/^QoS/p'
  Volumes:
    space:
      Type:          EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)
      StorageClass:  
      Volume:        
      Labels:            <none>
      Annotations:       <none>
      Capacity:      
      Access Modes:  
      VolumeMode:    Filesystem
    kube-api-access-*: (glob)
      Type:                    Projected (a volume that contains injected data from multiple sources)
      TokenExpirationSeconds:  3607
      ConfigMapName:           kube-root-ca.crt
      Optional:                false
      DownwardAPI:             true
  QoS Class:                   BestEffort
  $ kubectl delete pod scratch
  pod "scratch" deleted
  $ tick 5s
  $ kubectl get pvc scratch-space
  Error from server (NotFound): persistentvolumeclaims "scratch-space" not found
  [1]

# Larger than it was made: not of this class.

  $ kubectl patch pvc task-pv-claim --type=merge -p '{"spec":{"resources":{"requests":{"storage":"5Gi"}}}}'
  Error from server (Forbidden): persistentvolumeclaims "task-pv-claim" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize
  [1]
