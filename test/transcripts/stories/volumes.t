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
    Normal  Provisioning           10s                rancher.io/local-path_local-path-provisioner-*_*  External provisioner is provisioning volume for claim "default/data" (glob)
    Normal  ProvisioningSucceeded  9s                 rancher.io/local-path_local-path-provisioner-*_*  Successfully provisioned volume pvc-* (glob)
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
  7s          Normal   Pulled      pod/writer   Successfully pulled image "busybox:1.36" in 1.* (1.* including waiting). Image size: 2156518 bytes. (glob)
  7s          Normal   Created     pod/writer   Created container: main
  7s          Normal   Started     pod/writer   Started container main

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
