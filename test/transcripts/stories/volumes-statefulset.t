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
  pod/web-1   1/1     Running   0          3?s (glob)
  $ kubectl get pvc -l app=nginx
  NAME        STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
  www-web-0   Bound    pvc-*   1Gi        RWO            standard       <unset>                 40s (glob)
  www-web-1   Bound    pvc-*   1Gi        RWO            standard       <unset>                 3?s (glob)
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
