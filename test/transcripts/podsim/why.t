# podsim why: what the STATUS of an object means, what shows its cause, and what to do.

  $ podsim why
  All is well in namespace default (3 objects looked at, nodes included).
  $ kubectl run web --image=nginx:lates
  pod/web created
  $ tick 20s
  $ podsim why web
  pod/web  ImagePullBackOff
    Pulling an image failed, and the kubelet waits before it tries again (10s, 20s, 40s ... at most
    5m).
  
  Cause  image-tag-not-found
    The registry docker.io answers, but has no tag lates of the image nginx.
  Evidence
    Spec       containers[web].image: nginx:lates
    Container  web: waiting, ImagePullBackOff: Back-off pulling image "nginx:lates": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:lates": failed to resolve reference "docker.io/library/nginx:lates": docker.io/library/nginx:lates: not found
    Event      Warning Failed (x2, 8s ago): Failed to pull image "nginx:lates": …
  What to do
    Use a tag that exists. Did you mean nginx:latest?
      kubectl set image pod/web web=nginx:latest
  See for yourself
      kubectl describe pod web
      kubectl get pod web -o jsonpath='{.status.containerStatuses[*].state.waiting.message}{"\n"}'

# In Korean, where the locale says so.

  $ LC_ALL=ko_KR.UTF-8 podsim why pod/web
  pod/web  ImagePullBackOff
    이미지를 가져오지 못해 kubelet이 다시 시도하기 전에 기다리는 중입니다(10초, 20초, 40초 … 최대
    5분).
  
  원인  image-tag-not-found
    docker.io 레지스트리는 응답하지만 nginx 이미지에 lates 태그가 없습니다.
  근거
    Spec       containers[web].image: nginx:lates
    Container  web: waiting, ImagePullBackOff: Back-off pulling image "nginx:lates": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:lates": failed to resolve reference "docker.io/library/nginx:lates": docker.io/library/nginx:lates: not found
    Event      Warning Failed (x2, 8s ago): Failed to pull image "nginx:lates": …
  해결 방법
    실제로 있는 태그를 쓰세요. 혹시 nginx:latest 이미지를 쓰려고 하셨나요?
      kubectl set image pod/web web=nginx:latest
  직접 확인하기
      kubectl describe pod web
      kubectl get pod web -o jsonpath='{.status.containerStatuses[*].state.waiting.message}{"\n"}'

# The commands it shows do what it says.

  $ kubectl set image pod/web web=nginx:latest
  pod/web image updated
  $ tick 40s
  $ podsim why web
  pod/web  Running
    The pod has a node and at least one container runs, starts or restarts. Whether it works is what
    READY says.
  
  Cause  pod-well
    The pod runs on podsim-control-plane, and all its containers are ready.
  Evidence
    Condition  Ready=True
    Container  web: running since 2026-01-01T00:00:23Z
  What to do
    Nothing.
  See for yourself
      kubectl get pod web -o wide

# A workload, down to what its pods have in common; what they lack is named.

  $ kubectl create configmap app-config --from-literal=url=http://db
  configmap/app-config created
  $ kubectl create namespace shop
  namespace/shop created
  $ kubectl apply -n shop -f - <<'END'
  > apiVersion: apps/v1
  > kind: Deployment
  > metadata: {name: api}
  > spec:
  >   replicas: 2
  >   selector: {matchLabels: {app: api}}
  >   template:
  >     metadata: {labels: {app: api}}
  >     spec:
  >       containers:
  >       - name: api
  >         image: nginx
  >         env:
  >         - name: URL
  >           valueFrom: {configMapKeyRef: {name: app-config, key: url}}
  > END
  deployment.apps/api created
  $ tick 20s
  $ podsim why deploy/api -n shop
  deployment/api  0/2 ready
  
  Cause  pods-unavailable
    0 of 2 pods are ready; 2 of those that exist are not.
  Evidence
    Object     deployment/api: desired 2, replicas 2, updatedReplicas 2, unavailableReplicas 2
    Condition  Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.
               Progressing=True ReplicaSetUpdated: ReplicaSet "api-6fbb59f4bb" is progressing.
  What to do
    See below what keeps them.
  See for yourself
      kubectl get deployment/api -n shop
      kubectl get pods -n shop
  
  Cause (pod/api-6fbb59f4bb-654kv, container api, also pod/api-6fbb59f4bb-7z7fm)  config-map-missing
    The container takes environment variables from the ConfigMap app-config, and namespace shop has no
    ConfigMap of that name. There is one in namespace default, but a pod sees only those of its own
    namespace.
  Evidence
    Spec       containers[api].env[URL].valueFrom: {"configMapKeyRef":{"key":"url","name":"app-config"}}
    Container  api: waiting, CreateContainerConfigError: configmap "app-config" not found
    Event      Warning Failed (x3, 4s ago): Error: configmap "app-config" not found
  What to do
    Create it, and the container starts by itself within about a minute.
      kubectl create configmap app-config -n shop --from-literal=url=VALUE
  See for yourself
      kubectl get configmaps -n shop
      kubectl describe pod api-6fbb59f4bb-654kv -n shop
  $ podsim why -n shop
  OBJECT           STATUS      CAUSE
  deployment/api   0/2 ready   pods-unavailable, config-map-missing
  
  For the evidence and what to do: podsim why deployment/api -n shop

# For scripts: the ids of the causes are stable.

  $ podsim why deploy/api -n shop -o json | grep '"id"'
              "id": "pods-unavailable",
              "id": "config-map-missing",
  $ podsim why -n shop -o json | grep -c '"kind": "Why"'
  1

# The service it is behind, and what has the wrong name.

  $ kubectl create service clusterip api -n shop --tcp=80
  service/api created
  $ kubectl set selector service/api -n shop app=apl
  service/api selector updated
  $ podsim why svc/api -n shop | head -4
  service/api  0 endpoints
  
  Cause  service-matches-no-pod
    No pod of namespace shop has the labels that the selector wants (app=apl): the Service has no

# What is no workload has its rules too.

  $ kubectl create ingress site -n shop --rule='shop.example/*=apy:80'
  ingress.networking.k8s.io/site created
  $ podsim why ing/site -n shop
  ingress/site  no address
  
  Cause  ingress-service-missing
    shop.example/ leads to the Service apy, and there is none of that name in namespace shop: whoever
    asks gets 503 from the controller.
  Evidence
    Spec       rules shop.example/: service apy, port 80
    Object     services in shop: api
  What to do
    Correct the name of the backend, or make the Service. Did you mean api?
      kubectl edit ingress site -n shop
  See for yourself
      kubectl describe ingress site -n shop
      kubectl get services -n shop

# Wrong questions get one line.

  $ podsim why api
  error: pods "api" not found in namespace "default"; did you mean podsim why deployment/api -n shop?
  [1]
  $ podsim why configmap/app-config
  error: podsim why does not explain configmaps; it explains pods, deployments, replicasets, statefulsets, daemonsets, jobs, cronjobs, services, persistentvolumeclaims, nodes, ingresses, horizontalpodautoscalers, persistentvolumes, namespaces, resourcequotas, poddisruptionbudgets, networkpolicies
  [1]
  $ podsim why widget/x
  error: the server doesn't have a resource type "widget"
  [1]
  $ podsim why web --lang fr
  error: invalid argument "fr" for "--lang": must be en or ko
  [1]
  $ podsim why web -o yaml
  error: unable to match a printer suitable for the output format "yaml", allowed formats are: json
  [1]
  $ podsim why a b c
  error: one object at a time: podsim why TYPE/NAME
  [1]
