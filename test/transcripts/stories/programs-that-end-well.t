# Small programs from ConfigMaps that listen to SIGTERM, as one writes them to see what a grace period is for.

  $ podsim cluster create --force --clock paused --time 2026-01-01T00:00:00Z > cluster
  $ cat > killer.py <<'END'
  > import logging, os, signal, time
  > 
  > logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
  > log = logging.getLogger(__name__)
  > 
  > class GracefulKiller:
  >     kill_now = False
  >     def __init__(self):
  >         signal.signal(signal.SIGINT, self.exit_gracefully)
  >         signal.signal(signal.SIGTERM, self.exit_gracefully)
  > 
  >     def exit_gracefully(self, signum, frame):
  >         log.info("received %s", signal.Signals(signum).name)
  >         self.kill_now = True
  > 
  > if __name__ == '__main__':
  >     killer = GracefulKiller()
  >     while not killer.kill_now:
  >         log.info("working in %s", os.environ.get("HOSTNAME"))
  >         time.sleep(4)
  >     log.warning("stopped gracefully")
  > END
  $ cat > leaver.py <<'END'
  > import signal, sys, time
  > 
  > def leave(signum, frame):
  >     print(f"signal {signum}: two more seconds", flush=True)
  >     time.sleep(2)
  >     print("bye", flush=True)
  >     sys.exit(3)
  > 
  > signal.signal(signal.SIGTERM, leave)
  > print("waiting", flush=True)
  > while True:
  >     time.sleep(3600)
  > END
  $ cat > server.js <<'END'
  > const http = require('http');
  > const server = http.createServer((req, res) => {
  >   if (req.url === '/healthz') { res.writeHead(200); res.end('ok'); return; }
  >   res.end(`hello from ${process.env.HOSTNAME}\n`);
  > });
  > process.on('SIGTERM', () => {
  >   console.log('SIGTERM received, closing');
  >   server.close(() => { console.log('closed'); process.exit(0); });
  > });
  > server.listen(3000, () => console.log('listening on 3000'));
  > END
  $ kubectl create configmap code --from-file=killer.py --from-file=leaver.py --from-file=server.js
  configmap/code created
  $ cat > pod.yaml <<'END'
  > apiVersion: v1
  > kind: Pod
  > metadata:
  >   name: app
  > spec:
  >   restartPolicy: Never
  >   volumes:
  >   - {name: code, configMap: {name: code}}
  >   containers:
  >   - {name: killer, image: "python:3.12", command: [python, -u, /code/killer.py], volumeMounts: [{name: code, mountPath: /code}]}
  >   - {name: leaver, image: "python:3.12", command: [python, -u, /code/leaver.py], volumeMounts: [{name: code, mountPath: /code}]}
  >   - {name: server, image: "node:22", command: [node, /code/server.js], volumeMounts: [{name: code, mountPath: /code}]}
  > END
  $ kubectl apply -f pod.yaml
  pod/app created
  $ kubectl wait --for=condition=Ready pod/app
  pod/app condition met
  $ kubectl exec app -c server -- curl -s localhost:3000/
  hello from app
  $ kubectl exec app -c leaver -- kill 1
  $ kubectl exec app -c server -- kill 1
  $ podsim clock advance 3s -q
  $ kubectl logs app -c leaver
  waiting
  signal 15: two more seconds
  bye
  $ kubectl logs app -c server
  listening on 3000
  SIGTERM received, closing
  closed
  $ kubectl get pod app -o jsonpath='{range .status.containerStatuses[*]}{.name} {.state.terminated.exitCode}{"\n"}{end}'
  killer 
  leaver 3
  server 0
  $ kubectl exec app -c killer -- kill 1 && podsim clock advance 10s -q
  $ kubectl logs app -c killer | cut -d, -f2- | cut -c5- | uniq
  INFO working in app
  INFO received SIGTERM
  WARNING stopped gracefully
  $ kubectl get pod app --no-headers | awk '{print $2, $3}'
  0/3 Completed
  $ kubectl get pod app -o jsonpath='{.status.phase}{"\n"}'
  Failed
