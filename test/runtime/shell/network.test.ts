/** What containers see of the network and of each other, in a whole cluster. */
import { expect, test } from 'vitest';
import type { Pod } from '../../../src/resources/pods/types.js';
import { pods } from './pods.js';

const service = (name: string, selector: object, ports: readonly object[], spec: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector, ports, ...spec } }) as never;

test('containers of a pod, pods of a cluster', () => {
  const c = pods();
  c.run('pair', 'nginx', undefined, {
    labels: { app: 'pair' },
    containers: [
      { name: 'web', image: 'nginx' },
      { name: 'tool', image: 'busybox', command: ['sleep', '3600'] },
    ],
  });
  c.run('client', 'busybox', ['sleep', '3600']);
  c.run('old', 'busybox:1.28', ['sleep', '3600']);
  c.create(service('pair', { app: 'pair' }, [{ port: 80 }]));
  c.create(service('nobody', { app: 'nobody' }, [{ port: 80 }]));
  c.create(service('headless', { app: 'pair' }, [{ port: 80 }], { clusterIP: 'None' }));
  c.create(service('outside', {}, [], { type: 'ExternalName', externalName: 'example.com' }));
  c.advance('20s');
  expect(c.exec('pair', 'wget -qO- http://localhost | grep "<title>"', 'tool')).toBe('<title>Welcome to nginx!</title>\n');
  expect(c.exec('client', 'wget -qO- http://pair | grep "<title>"')).toBe('<title>Welcome to nginx!</title>\n');
  expect(c.exec('client', 'wget -qO- http://pair.default | grep -c title; wget -qO- headless | grep -c title')).toBe('1\n1\n');
  expect(c.exec('client', 'wget -T 2 -O- http://pair:8080')).toMatchInlineSnapshot(`
    "Connecting to pair:8080 (10.96.198.48:8080)
    wget: download timed out
    [1]"
  `);
  expect(c.exec('client', 'wget -qO- http://nobody')).toMatchInlineSnapshot(`
    "wget: can't connect to remote host (10.96.189.185): Connection refused
    [1]"
  `);
  expect(c.exec('client', 'wget -T 2 -O- http://nosuch')).toMatchInlineSnapshot(`
    "wget: bad address 'nosuch'
    [1]"
  `);
  expect(c.exec('client', 'wget http://pair; wget --spider pair/nix; ls /index.html')).toMatchInlineSnapshot(`
    "Connecting to pair (10.96.198.48:80)
    saving to 'index.html'
    index.html           100% |********************************|   615  0:00:00 ETA
    'index.html' saved
    Connecting to pair (10.96.198.48:80)
    wget: server returned error: HTTP/1.1 404 Not Found
    /index.html
    "
  `);
  expect(c.exec('client', 'nslookup pair')).toMatchInlineSnapshot(`
    "Server:		10.96.0.10
    Address:	10.96.0.10:53

    Name:	pair.default.svc.cluster.local
    Address: 10.96.198.48


    ** server can't find pair.svc.cluster.local: NXDOMAIN

    ** server can't find pair.svc.cluster.local: NXDOMAIN

    ** server can't find pair.cluster.local: NXDOMAIN

    ** server can't find pair.cluster.local: NXDOMAIN

    [1]"
  `);
  expect(c.exec('client', 'nslookup pair.default.svc.cluster.local; nslookup nosuch.default')).toMatchInlineSnapshot(`
    "Server:		10.96.0.10
    Address:	10.96.0.10:53

    Name:	pair.default.svc.cluster.local
    Address: 10.96.198.48


    Server:		10.96.0.10
    Address:	10.96.0.10:53

    ** server can't find nosuch.default: NXDOMAIN

    ** server can't find nosuch.default: NXDOMAIN

    [1]"
  `);
  expect(c.exec('old', 'nslookup pair; nslookup nosuch')).toMatchInlineSnapshot(`
    "Server:    10.96.0.10
    Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local

    Name:      pair
    Address 1: 10.96.198.48 pair.default.svc.cluster.local
    nslookup: can't resolve 'nosuch'
    Server:    10.96.0.10
    Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local

    [1]"
  `);
  const ip = c.get<Pod>('pods', 'pair').status?.podIP ?? '';
  expect(ip).toMatch(/^10\.244\.0\.\d+$/);
  expect(c.exec('old', 'nslookup headless; nslookup outside >/dev/null && echo outside')).toBe(
    `Server:    10.96.0.10
Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local

Name:      headless
Address 1: ${ip} ${ip.replaceAll('.', '-')}.headless.default.svc.cluster.local
outside
`,
  );
  expect(c.exec('client', 'ping -c 2 $(hostname -i) | grep loss; ping -c 1 -W 1 pair | grep loss; nc -zv pair 80; nc -zv pair 81 -w 1')).toMatchInlineSnapshot(`
    "2 packets transmitted, 2 packets received, 0% packet loss
    1 packets transmitted, 0 packets received, 100% packet loss
    pair (10.96.198.48:80) open
    nc: pair (10.96.198.48:81): Connection timed out
    [1]"
  `);
  expect(c.exec('pair', 'ls /usr/share/nginx; ps', 'tool')).toMatchInlineSnapshot(`
    "ls: /usr/share/nginx: No such file or directory
    PID   USER     TIME  COMMAND
        1 root      0:00 sleep 3600
        6 root      0:00 ps
    "
  `);
  expect(
    c.exec('pair', 'curl -s -o /dev/null -w "%{http_code}\\n" localhost/; curl -sI localhost | head -1; curl -sS nosuch; curl localhost:81', 'web'),
  ).toMatchInlineSnapshot(`
    "200
    HTTP/1.1 200 OK
    curl: (6) Could not resolve host: nosuch
      % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                     Dload  Upload   Total   Spent    Left  Speed

      0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0
    curl: (7) Failed to connect to localhost port 81 after 1 ms: Couldn't connect to server
    [7]"
  `);
  // Debian's base image has no procps, and so has nginx's.
  expect(c.exec('pair', 'ps aux', 'web')).toBe('sh: 1: ps: not found\n[127]');
});

test('listeners made by a shell answer, to neighbours and probes', () => {
  const c = pods();
  c.run('server', 'busybox', ['sh', '-c', 'while true; do printf "HTTP/1.1 200 OK\\r\\n\\r\\nhello\\n" | nc -l -p 8080; done'], {
    container: { readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 5 } },
  });
  c.run('files', 'busybox', ['sh', '-c', 'mkdir /www; echo page > /www/index.html; httpd -f -p 80 -h /www']);
  c.run('wrapped', 'nginx', ['sh', '-c', 'echo starting; nginx -g "daemon off;"']);
  c.run('client', 'busybox', ['sleep', '3600']);
  c.advance('20s');
  const ip = (name: string) => c.get<Pod>('pods', name).status?.podIP ?? '';
  expect(c.get<Pod>('pods', 'server').status?.containerStatuses?.[0]?.ready).toBe(true);
  expect(c.logs('server')).toContain('GET / HTTP/1.1\r\nHost: ');
  expect(c.exec('client', `wget -qO- ${ip('server')}:8080; wget -qO- ${ip('server')}:8080`)).toBe('hello\nhello\n');
  expect(c.exec('client', `wget -qO- ${ip('files')}; wget -q ${ip('files')}/nix`)).toBe('page\nwget: server returned error: HTTP/1.1 404 Not Found\n[1]');
  expect(c.exec('client', `wget -qO- ${ip('wrapped')} | grep -c title`)).toBe('1\n');
  expect(c.logs('wrapped')).toContain('starting\n');
  expect(c.exec('client', 'nc -l -p 9000 & sleep 1; echo hi | nc localhost 9000; wait')).toBe('hi\n');
  expect(c.exec('client', 'nc -l -p 9000 & nc -l -p 9000; echo $?; kill %1')).toBe('nc: bind: Address already in use\n1\n');
});

test('an init container waits for a name', () => {
  const c = pods();
  c.run('app', 'busybox:1.28', ['sh', '-c', 'echo The app is running! && sleep 3600'], {
    initContainers: [
      {
        name: 'init',
        image: 'busybox:1.28',
        command: [
          'sh',
          '-c',
          'until nslookup svc.$(cat /var/run/secrets/kubernetes.io/serviceaccount/namespace).svc.cluster.local; do echo waiting for svc; sleep 2; done',
        ],
      },
    ],
  });
  c.advance('20s');
  expect(c.logs('app', 'init')).toContain("nslookup: can't resolve 'svc.default.svc.cluster.local'\nServer:    10.96.0.10\n");
  c.create(service('svc', {}, [{ port: 80 }]));
  c.advance('10s');
  expect(c.get<Pod>('pods', 'app').status?.phase).toBe('Running');
  expect(c.logs('app')).toBe('The app is running!\n');
});

test('processes: signals, memory, shared namespace', () => {
  const c = pods();
  const terminated = (name: string) => c.get<Pod>('pods', name).status?.containerStatuses?.[0]?.state?.terminated;
  c.run('greedy', 'ubuntu', ['sh', '-c', 'stress --vm 1 --vm-bytes 250M'], {
    restartPolicy: 'Never',
    container: { image: 'progrium/stress', resources: { limits: { memory: '100Mi' } } },
  });
  c.run('trap', 'busybox', ['sh', '-c', 'trap "echo got it; exit 3" TERM; while true; do sleep 1; done'], { restartPolicy: 'Never' });
  c.run('web', 'nginx', undefined, { restartPolicy: 'Never' });
  c.run('hog', 'busybox', ['sh', '-c', 'x=aaaaaaaaaaaaaaaa; while true; do x=$x$x; done'], {
    restartPolicy: 'Never',
    container: { resources: { limits: { memory: '10Mi' } } },
  });
  c.run('bomb', 'busybox', ['sh', '-c', 'f() { f | f & }; f; sleep 100'], { restartPolicy: 'Never' });
  c.run('shared', 'busybox', ['sleep', '3600'], { shareProcessNamespace: true });
  c.advance('20s');
  expect(terminated('greedy')).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  expect(terminated('hog')).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
  expect(terminated('bomb')).toMatchObject({ exitCode: 137 });
  expect(c.logs('bomb')).toContain('podsim: this container has ');
  expect(c.exec('trap', 'kill 1')).toBe('');
  expect(c.exec('web', 'kill 1')).toBe('');
  c.advance('5s');
  expect(terminated('trap')).toMatchObject({ exitCode: 3 });
  expect(c.logs('trap')).toBe('got it\n');
  expect(terminated('web')).toMatchObject({ exitCode: 0 });
  expect(c.exec('shared', 'ps')).toMatchInlineSnapshot(`
    "PID   USER     TIME  COMMAND
        1 65535     0:00 /pause
        7 root      0:00 sleep 3600
        9 root      0:00 ps
    "
  `);
});
