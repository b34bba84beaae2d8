# A cluster as kind makes it has a default class, whose volumes are made when a pod needs them.

  $ kubectl get sc
  NAME                 PROVISIONER             RECLAIMPOLICY   VOLUMEBINDINGMODE      ALLOWVOLUMEEXPANSION   AGE
  standard (default)   rancher.io/local-path   Delete          WaitForFirstConsumer   false                  2m
  $ cat <<'END' | kubectl apply -f -
  > apiVersion: v1
  > kind: PersistentVolumeClaim
  > metadata:
  >   name: data
  > spec:
  >   accessModes: [ReadWriteOnce]
  >   resources:
  >     requests:
  >       storage: 1Gi
  > END
  persistentvolumeclaim/data created
  $ tick 40s
  $ kubectl get pvc
  NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  data   Pending                                      standard       <unset>                 40s
  $ kubectl describe pvc data
  Name:          data
  Namespace:     default
  StorageClass:  standard
  Status:        Pending
  Volume:        
  Labels:        <none>
  Annotations:   <none>
  Finalizers:    [kubernetes.io/pvc-protection]
  Capacity:      
  Access Modes:  
  VolumeMode:    Filesystem
  Used By:       <none>
  Events:
    Type    Reason                Age                From                         Message
    ----    ------                ----               ----                         -------
    Normal  WaitForFirstConsumer  10s (x3 over 40s)  persistentvolume-controller  waiting for first consumer to be created before binding

# The pod brings it about: a node is chosen, the volume made there, the claim bound, the pod started.

  $ cat > pod.yaml <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: writer
  > spec:
  >   containers:
  >   - name: main
  >     image: busybox:1.36
  >     command: [sleep, infinity]
  >     volumeMounts:
  >     - name: store
  >       mountPath: /data
  >   volumes:
  >   - name: store
  >     persistentVolumeClaim:
  >       claimName: data
  > END
  $ kubectl apply -f pod.yaml
  pod/writer created
  $ kubectl get pod,pvc
  NAME         READY   STATUS    RESTARTS   AGE
  pod/writer   0/1     Pending   0          0s
  
  NAME                         STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  persistentvolumeclaim/data   Pending                                      standard       <unset>                 40s
  $ tick 10s
  $ kubectl get pod,pvc
  NAME         READY   STATUS    RESTARTS   AGE
  pod/writer   1/1     Running   0          10s
  
  NAME                         STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  persistentvolumeclaim/data   Bound    pvc-*   1Gi        RWO            standard       <unset>                 50s (glob)
  $ kubectl get pv
  NAME                                       CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS   CLAIM          STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
  pvc-*   1Gi        RWO            Delete           Bound    default/data   standard       <unset>                          9s (glob)
  $ kubectl describe pvc data
  Name:          data
  Namespace:     default
  StorageClass:  standard
  Status:        Bound
  Volume:        pvc-* (glob)
  Labels:        <none>
  Annotations:   pv.kubernetes.io/bind-completed: yes
                 pv.kubernetes.io/bound-by-controller: yes
                 volume.beta.kubernetes.io/storage-provisioner: rancher.io/local-path
                 volume.kubernetes.io/selected-node: podsim-control-plane
                 volume.kubernetes.io/storage-provisioner: rancher.io/local-path
  Finalizers:    [kubernetes.io/pvc-protection]
  Capacity:      1Gi
  Access Modes:  RWO
  VolumeMode:    Filesystem
  Used By:       writer
  Events:
    Type    Reason                 Age                From                                                                                                Message
    ----    ------                 ----               ----                                                                                                -------
    Normal  WaitForFirstConsumer   20s (x3 over 50s)  persistentvolume-controller                                                                         waiting for first consumer to be created before binding
    Normal  ExternalProvisioning   10s (x2 over 10s)  persistentvolume-controller                                                                         Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.
    Normal  Provisioning           10s                rancher.io/local-path_local-path-provisioner-7dc846544d-x2t8k_*  External provisioner is provisioning volume for claim "default/data" (glob)
    Normal  ProvisioningSucceeded  9s                 rancher.io/local-path_local-path-provisioner-7dc846544d-x2t8k_*  Successfully provisioned volume pvc-* (glob)
  $ kubectl describe pv
  Name:              pvc-* (glob)
  Labels:            <none>
  Annotations:       local.path.provisioner/selected-node: podsim-control-plane
                     pv.kubernetes.io/provisioned-by: rancher.io/local-path
  Finalizers:        [kubernetes.io/pv-protection]
  StorageClass:      standard
  Status:            Bound
  Claim:             default/data
  Reclaim Policy:    Delete
  Access Modes:      RWO
  VolumeMode:        Filesystem
  Capacity:          1Gi
  Node Affinity:     
    Required Terms:  
      Term 0:        kubernetes.io/hostname in [podsim-control-plane]
  Message:           
  Source:
      Type:          HostPath (bare host directory volume)
      Path:          /var/local-path-provisioner/pvc-*_default_data (glob)
      HostPathType:  DirectoryOrCreate
  Events:            <none>
  $ kubectl get events --field-selector involvedObject.name=writer
  LAST SEEN   TYPE     REASON      OBJECT       MESSAGE
  8s          Normal   Scheduled   pod/writer   Successfully assigned default/writer to podsim-control-plane
  9s          Normal   Pulling     pod/writer   Pulling image "busybox:1.36"
  8s          Normal   Pulled      pod/writer   Successfully pulled image "busybox:1.36" in *ms (*ms including waiting). Image size: 2156518 bytes. (glob)
  8s          Normal   Created     pod/writer   Created container: main
  8s          Normal   Started     pod/writer   Started container main

# What is written stays when the pod goes.

  $ kubectl exec writer -- sh -c 'echo kept > /data/file'
  $ kubectl delete pod writer --now
  pod "writer" deleted
  $ kubectl apply -f pod.yaml
  pod/writer created
  $ tick 10s
  $ kubectl exec writer -- cat /data/file
  kept

# A claim in use is not taken away under the pod; when both have gone, policy Delete removes the volume too.

  $ kubectl delete pvc data --wait=false
  persistentvolumeclaim "data" deleted
  $ tick 5s
  $ kubectl get pvc
  NAME   STATUS        VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  data   Terminating   pvc-*   1Gi        RWO            standard       <unset>                 67s (glob)
  $ kubectl delete pod writer --now
  pod "writer" deleted
  $ tick 1s
  $ kubectl get pvc,pv
  NAME                                                        CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM          STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
  persistentvolume/pvc-*   1Gi        RWO            Delete           Released   default/data   standard       <unset>                          30s (glob)
  $ tick 5s
  $ kubectl get pvc,pv
  No resources found

# A volume made by hand, and a claim of the same class (the class itself need not exist).

  $ cat <<'END' | kubectl apply -f -
  > apiVersion: v1
  > kind: PersistentVolume
  > metadata:
  >   name: task-pv-volume
  >   labels:
  >     type: local
  > spec:
  >   storageClassName: manual
  >   capacity:
  >     storage: 10Gi
  >   accessModes:
  >     - ReadWriteOnce
  >   hostPath:
  >     path: "/mnt/data"
  > END
  persistentvolume/task-pv-volume created
  $ kubectl get pv task-pv-volume
  NAME             CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS      CLAIM   STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
  task-pv-volume   10Gi       RWO            Retain           Available           manual         <unset>                          0s
  $ cat <<'END' | kubectl apply -f -
  > apiVersion: v1
  > kind: PersistentVolumeClaim
  > metadata:
  >   name: task-pv-claim
  > spec:
  >   storageClassName: manual
  >   accessModes:
  >     - ReadWriteOnce
  >   resources:
  >     requests:
  >       storage: 3Gi
  > END
  persistentvolumeclaim/task-pv-claim created
  $ kubectl get pv,pvc
  NAME                              CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS   CLAIM                   STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
  persistentvolume/task-pv-volume   10Gi       RWO            Retain           Bound    default/task-pv-claim   manual         <unset>                          0s
  
  NAME                                  STATUS   VOLUME           CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  persistentvolumeclaim/task-pv-claim   Bound    task-pv-volume   10Gi       RWO            manual         <unset>                 0s
  $ kubectl delete pvc task-pv-claim
  persistentvolumeclaim "task-pv-claim" deleted
  $ kubectl get pv
  NAME             CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM                   STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
  task-pv-volume   10Gi       RWO            Retain           Released   default/task-pv-claim   manual         <unset>                          0s

# Released is not free: the next claim finds nothing, and says so again and again.

  $ cat <<'END' | kubectl apply -f -
  > apiVersion: v1
  > kind: PersistentVolumeClaim
  > metadata:
  >   name: next
  > spec:
  >   storageClassName: manual
  >   accessModes:
  >     - ReadWriteOnce
  >   resources:
  >     requests:
  >       storage: 3Gi
  > ---
  > apiVersion: v1
  > kind: PersistentVolumeClaim
  > metadata:
  >   name: none
  > spec:
  >   storageClassName: ""
  >   accessModes:
  >     - ReadWriteOnce
  >   resources:
  >     requests:
  >       storage: 3Gi
  > END
  persistentvolumeclaim/next created
  persistentvolumeclaim/none created
  $ tick 31s
  $ kubectl get events --field-selector involvedObject.kind=PersistentVolumeClaim,type=Warning
  LAST SEEN   TYPE      REASON               OBJECT                       MESSAGE
  1s          Warning   ProvisioningFailed   persistentvolumeclaim/next   storageclass.storage.k8s.io "manual" not found
  $ kubectl get events --field-selector involvedObject.name=none
  LAST SEEN   TYPE     REASON          OBJECT                       MESSAGE
  1s          Normal   FailedBinding   persistentvolumeclaim/none   no persistent volumes available for this claim and no storage class is set

# Until somebody takes the old claim off it.

  $ kubectl patch pv task-pv-volume --type json -p '[{"op":"remove","path":"/spec/claimRef"}]'
  persistentvolume/task-pv-volume patched
  $ tick 15s
  $ kubectl get pv,pvc
  NAME                              CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS   CLAIM          STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
  persistentvolume/task-pv-volume   10Gi       RWO            Retain           Bound    default/next   manual         <unset>                          46s
  
  NAME                         STATUS    VOLUME           CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  persistentvolumeclaim/next   Bound     task-pv-volume   10Gi       RWO            manual         <unset>                 46s
  persistentvolumeclaim/none   Pending                                                             <unset>                 46s

# A StatefulSet's pods each have a claim of their own, which outlives them.

  $ cat <<'END' | kubectl apply -f -
  > apiVersion: apps/v1
  > kind: StatefulSet
  > metadata:
  >   name: web
  > spec:
  >   serviceName: nginx
  >   replicas: 2
  >   selector:
  >     matchLabels:
  >       app: nginx
  >   template:
  >     metadata:
  >       labels:
  >         app: nginx
  >     spec:
  >       containers:
  >       - name: nginx
  >         image: nginx
  >         volumeMounts:
  >         - name: www
  >           mountPath: /usr/share/nginx/html
  >   volumeClaimTemplates:
  >   - metadata:
  >       name: www
  >     spec:
  >       accessModes: [ReadWriteOnce]
  >       resources:
  >         requests:
  >           storage: 1Gi
  > END
  statefulset.apps/web created
  $ tick 40s
  $ kubectl get sts,pod
  NAME                   READY   AGE
  statefulset.apps/web   2/2     40s
  
  NAME        READY   STATUS    RESTARTS   AGE
  pod/web-0   1/1     Running   0          40s
  pod/web-1   1/1     Running   0          34s
  $ kubectl get pvc -l app=nginx
  NAME        STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  www-web-0   Bound    pvc-*   1Gi        RWO            standard       <unset>                 40s (glob)
  www-web-1   Bound    pvc-*   1Gi        RWO            standard       <unset>                 34s (glob)
  $ kubectl exec web-1 -- sh -c 'echo one > /usr/share/nginx/html/index.html'
  $ kubectl scale sts web --replicas 1
  statefulset.apps/web scaled
  $ tick 40s
  $ kubectl get pvc -l app=nginx -o name
  persistentvolumeclaim/www-web-0
  persistentvolumeclaim/www-web-1
  $ kubectl scale sts web --replicas 2
  statefulset.apps/web scaled
  $ tick 20s
  $ kubectl exec web-1 -- cat /usr/share/nginx/html/index.html
  one
