A service port keeps its node port by its name, whatever else of it changes.

  $ ports() { kubectl get svc $1 -o jsonpath='{range .spec.ports[*]}{.name}{" "}{.port}{":"}{.nodePort}{"\n"}{end}'; }
  $ cat > web.yaml <<'EOF'
  > apiVersion: v1
  > kind: Service
  > metadata: {name: web}
  > spec:
  >   type: NodePort
  >   selector: {app: web}
  >   ports:
  >   - {port: 80}
  > EOF
  $ kubectl apply -f web.yaml
  service/web created
  $ ports web | cut -d: -f2 > before
  $ sed -i 's/port: 80/port: 8080/' web.yaml
  $ kubectl apply -f web.yaml
  service/web configured
  $ ports web | cut -d: -f1
   8080
  $ ports web | cut -d: -f2 | cmp before

Another port may ask for it first, and a new name gets a new one.

  $ cat > two.yaml <<'EOF'
  > apiVersion: v1
  > kind: Service
  > metadata: {name: two}
  > spec:
  >   type: NodePort
  >   selector: {app: web}
  >   ports:
  >   - {name: a, port: 80, nodePort: 30080}
  >   - {name: b, port: 81, nodePort: 30081}
  > EOF
  $ kubectl create -f two.yaml
  service/two created
  $ sed -e 's/port: 80, nodePort: 30080/port: 90/' -e 's/30081/30080/' two.yaml | kubectl replace -f -
  service/two replaced
  $ ports two | grep -c -v -e :30080 -e :30081
  1
  $ ports two | grep b
  b 81:30080
  $ kubectl patch svc two --type=merge -p '{"spec":{"ports":[{"name":"a","port":80,"nodePort":30090},{"name":"b","port":81,"nodePort":30090}]}}'
  Error from server: duplicate nodePort: {TCP 30090}
  [1]

A load balancer's address is gone with it.

  $ kubectl create service loadbalancer lb --tcp=80
  service/lb created
  $ kubectl patch svc lb --subresource status -p '{"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}'
  service/lb patched
  $ kubectl patch svc lb -p '{"spec":{"type":"ClusterIP"}}'
  service/lb patched
  $ kubectl get svc lb -o jsonpath='{.status}{"\n"}'
  {"loadBalancer":{}}
