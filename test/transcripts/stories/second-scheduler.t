# A further scheduler runs in a pod of its own, and binds the pods that ask for it by its name.

  $ cat > pod.yaml <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: annotation-second-scheduler
  > spec:
  >   schedulerName: my-scheduler
  >   containers:
  >   - name: pause
  >     image: registry.k8s.io/pause:3.10
  > END
  $ kubectl create -f pod.yaml
  pod/annotation-second-scheduler created
  $ tick 30s
  $ kubectl get pod annotation-second-scheduler
  NAME                          READY   STATUS    RESTARTS   AGE
  annotation-second-scheduler   0/1     Pending   0          30s
  $ cat > my-scheduler.yaml <<'END'
  > apiVersion: v1
  > kind: ConfigMap
  > metadata:
  >   name: my-scheduler-config
  >   namespace: kube-system
  > data:
  >   my-scheduler-config.yaml: |
  >     apiVersion: kubescheduler.config.k8s.io/v1
  >     kind: KubeSchedulerConfiguration
  >     profiles:
  >     - schedulerName: my-scheduler
  >     leaderElection:
  >       leaderElect: false
  > ---
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata:
  >   name: my-scheduler
  >   namespace: kube-system
  > spec:
  >   selector:
  >     matchLabels:
  >       component: second-scheduler
  >   template:
  >     metadata:
  >       labels:
  >         component: second-scheduler
  >     spec:
  >       containers:
  >       - name: kube-second-scheduler
  >         image: registry.k8s.io/kube-scheduler:v1.33.1
  >         command:
  >         - /usr/local/bin/kube-scheduler
  >         - --config=/etc/kubernetes/my-scheduler/my-scheduler-config.yaml
  >         livenessProbe:
  >           httpGet:
  >             path: /healthz
  >             port: 10259
  >             scheme: HTTPS
  >           initialDelaySeconds: 15
  >         readinessProbe:
  >           httpGet:
  >             path: /healthz
  >             port: 10259
  >             scheme: HTTPS
  >         volumeMounts:
  >         - name: config-volume
  >           mountPath: /etc/kubernetes/my-scheduler
  >       volumes:
  >       - name: config-volume
  >         configMap:
  >           name: my-scheduler-config
  > END
  $ kubectl create -f my-scheduler.yaml
  configmap/my-scheduler-config created
  deployment.apps/my-scheduler created
  $ tick 30s
  $ kubectl get pods -n kube-system -l component=second-scheduler --no-headers | awk '{print $2, $3}'
  1/1 Running
  $ kubectl get pod annotation-second-scheduler
  NAME                          READY   STATUS    RESTARTS   AGE
  annotation-second-scheduler   1/1     Running   0          60s
  $ kubectl describe pod annotation-second-scheduler | grep Scheduled | tail -1
    Normal  Scheduled  * my-scheduler  Successfully assigned default/annotation-second-scheduler to podsim-control-plane (glob)

# It says itself what keeps a pod waiting; when it is gone, nobody does.

  $ sed -e 's/annotation-second-scheduler/elsewhere/' -e 's/^  schedulerName/  nodeSelector: {disk: ssd}\n  schedulerName/' pod.yaml | kubectl create -f -
  pod/elsewhere created
  $ tick 1s
  $ kubectl get events --field-selector involvedObject.name=elsewhere -o jsonpath='{.items[0].source.component}{.items[0].reportingComponent}: {.items[0].reason}{"\n"}'
  my-scheduler: FailedScheduling
  $ kubectl scale -n kube-system deployment my-scheduler --replicas=0
  deployment.apps/my-scheduler scaled
  $ tick 5s
  $ sed -e 's/annotation-second-scheduler/late/' pod.yaml | kubectl create -f -
  pod/late created
  $ tick 30s
  $ kubectl get pod late
  NAME   READY   STATUS    RESTARTS   AGE
  late   0/1     Pending   0          30s

# One that has to be elected waits for the lease that the control plane's scheduler holds.

  $ kubectl get cm -n kube-system my-scheduler-config -o yaml | sed 's/leaderElect: false/leaderElect: true/' | kubectl replace -f -
  configmap/my-scheduler-config replaced
  $ kubectl scale -n kube-system deployment my-scheduler --replicas=1
  deployment.apps/my-scheduler scaled
  $ tick 30s
  $ kubectl get pod late --no-headers | awk '{print $3}'
  Pending
