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
