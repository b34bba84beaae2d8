# One more ServiceCIDR gives out addresses as soon as it is ready, and stays as long as a Service has one of them.

  $ cat > cidr.yaml <<'END'
  > apiVersion: networking.k8s.io/v1
  > kind: ServiceCIDR
  > metadata:
  >   name: newcidr1
  > spec:
  >   cidrs:
  >   - 192.168.100.0/28
  > END
  $ cat > service.yaml <<'END'
  > apiVersion: v1
  > kind: Service
  > metadata:
  >   name: web
  > spec:
  >   clusterIP: 192.168.100.5
  >   selector:
  >     run: web
  >   ports:
  >   - port: 80
  > END
  $ kubectl apply -f service.yaml
  The Service "web" is invalid: spec.clusterIPs: Invalid value: []string{"192.168.100.5"}: failed to allocate IP 192.168.100.5: the provided network does not match the current range
  [1]
  $ kubectl apply -f cidr.yaml
  servicecidr.networking.k8s.io/newcidr1 created
  $ kubectl run web --image=nginx:1.27
  pod/web created
  $ tick 10s
  $ kubectl apply -f service.yaml
  service/web created
  $ tick 5s
  $ kubectl get ipaddress 192.168.100.5
  NAME            PARENTREF
  192.168.100.5   services/default/web
  $ kubectl exec web -- curl -s http://192.168.100.5 | head -4 | tail -1
  <title>Welcome to nginx!</title>
  $ kubectl create service clusterip edge --clusterip=192.168.100.15 --tcp=80
  error: failed to create ClusterIP service: Service "edge" is invalid: spec.clusterIPs: Invalid value: []string{"192.168.100.15"}: failed to allocate IP 192.168.100.15: the provided network does not match the current range
  [1]

# It cannot go while its address is in use, and gives out none meanwhile.

  $ kubectl delete servicecidr newcidr1 --wait=false
  servicecidr.networking.k8s.io "newcidr1" deleted
  $ tick 30s
  $ kubectl get servicecidr newcidr1 -o jsonpath='{.status.conditions[0].status} {.status.conditions[0].reason}: {.status.conditions[0].message}{"\n"}'
  False Terminating: There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR
  $ kubectl create service clusterip late --clusterip=192.168.100.6 --tcp=80
  error: failed to create ClusterIP service: Service "late" is invalid: spec.clusterIPs: Invalid value: []string{"192.168.100.6"}: failed to allocate IP 192.168.100.6: the provided network does not match the current range
  [1]
  $ kubectl delete service web
  service "web" deleted
  $ tick 1s
  $ kubectl get servicecidr newcidr1
  Error from server (NotFound): servicecidrs.networking.k8s.io "newcidr1" not found
  [1]

# One that lies within another may go at once, ten seconds after it was asked to.

  $ sed -e 's/newcidr1/within/' -e 's#192.168.100.0/28#10.96.7.0/24#' cidr.yaml | kubectl apply -f -
  servicecidr.networking.k8s.io/within created
  $ tick 1s
  $ kubectl create service clusterip inner --clusterip=10.96.7.7 --tcp=80
  service/inner created
  $ kubectl delete servicecidr within --wait=false
  servicecidr.networking.k8s.io "within" deleted
  $ tick 5s
  $ kubectl get servicecidr within --no-headers | awk '{print $1, $2}'
  within 10.96.7.0/24
  $ tick 6s
  $ kubectl get servicecidr within
  Error from server (NotFound): servicecidrs.networking.k8s.io "within" not found
  [1]
