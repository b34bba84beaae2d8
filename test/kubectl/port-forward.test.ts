import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { session, type Terminal, terminal } from '../harness/terminal.js';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: main, port: 8080, targetPort: http}]}
`;

async function running(): Promise<Terminal> {
  const shell = terminal({ files: { 'web.yaml': WEB } });
  await shell.run('kubectl apply -f web.yaml');
  await shell.run('kubectl rollout status deploy/web');
  return shell;
}

const until = async (done: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !done(); i++) await new Promise((next) => setTimeout(next, 10));
  expect(done()).toBe(true);
};

const ask = (port: number, text: string): Promise<string> =>
  new Promise((done, fail) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (data) => {
      answer += data.toString('utf8');
    });
    socket.on('end', () => done(answer));
    socket.on('error', fail);
  });

test.each([
  ['deploy/web :80', 80],
  ['svc/web :8080', 80],
  ['svc/web 0:main', 80],
  ['deploy/web :http', 80],
])('%s answers', async (words, remote) => {
  const shell = await running();
  const { text } = shell.start(`kubectl port-forward ${words} --address=127.0.0.1`);
  await until(() => text().includes('Forwarding from'));
  const port = Number(/^Forwarding from 127\.0\.0\.1:(\d+) -> (\d+)$/m.exec(text())?.[1]);
  expect(text()).toBe(`Forwarding from 127.0.0.1:${port} -> ${remote}\n`);
  const answer = await ask(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*Welcome to nginx!/);
  expect(text()).toContain(`Handling connection for ${port}\n`);
  shell.close();
});

test('a port nobody listens on', async () => {
  const shell = await running();
  const { text } = shell.start('kubectl port-forward deploy/web :81 --address=127.0.0.1');
  await until(() => text().includes('Forwarding from'));
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(text())?.[1]);
  await ask(port, 'x').catch(() => '');
  await until(() => text().includes('an error occurred forwarding'));
  expect(text()).toContain(`an error occurred forwarding ${port} -> 81: error forwarding port 81 to pod `);
  shell.close();
});

test('what cannot be forwarded', async () => {
  const shell = await running();
  await session(
    `
    $ kubectl port-forward svc/web 9999
    error: Service web does not have a service port 9999
    [1]
    $ kubectl port-forward svc/web 80:nope
    error: Service 'web' does not have a named port 'nope'
    [1]
    $ kubectl port-forward deploy/web a:b:c
    error: Pod '…' does not have a named port 'a'
    [1]
    `,
    {},
    shell,
  );
  shell.close();
});
