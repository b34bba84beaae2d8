/** What the API server asks of a node: logs, exec, attach, forwarding, stats. */
import { describe, expect, test } from 'vitest';
import { RuntimeError } from '../../src/api/cri.js';
import { createNodeServer } from '../../src/kubelet/index.js';
import { NODE, TestNode } from './node.js';

const key = { namespace: 'default', name: 'p' };
function serve(container: object, spec: object = {}) {
  const node = new TestNode();
  node.run({ name: 'p', spec: { ...spec, containers: [{ name: 'c', image: 'nginx:1.27', ...container }] } });
  node.advance(20);
  const server = createNodeServer({
    node: NODE,
    runtime: node.runtime,
    state: node.state,
    now: () => node.sim.now,
    api: () => node.api,
    configuration: () => ({}),
    wake: (pod) => node.sim.wake(`kubelet/${NODE}`, pod),
  });
  return { node, server };
}
const crash = { image: 'busybox:1.36', command: ['sh', '-c', 'echo started; exit 1'] };

describe('logs', () => {
  test('of a container that runs', () => {
    const { server } = serve({});
    const lines = server.logs(key, 'c', {});
    expect(lines[0]).toMatchObject({
      stream: 'stdout',
      text: '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
    });
    expect(lines.some((line) => line.stream === 'stderr' && line.text.includes('[notice] 1#1: start worker processes'))).toBe(true);
    expect(server.logs(key, 'c', { tailLines: 2 })).toEqual(lines.slice(-2));
    const since = lines[10]?.at;
    expect(since === undefined ? [] : server.logs(key, 'c', { sinceTime: since })[0]?.at).toBe(since);
  });
  test('of the one before', () => {
    const { server, node } = serve(crash);
    expect(node.show('p')).toMatch(/CrashLoopBackOff/);
    const last = server.containerStatus(key, 'c', false);
    expect(server.logs(key, 'c', { previous: true }).map((line) => line.text)).toEqual(['started']);
    expect(server.logs(key, 'c', { previous: true })[0]?.at).toBe(last?.startedAt);
    // It is the dead one that waits to be started again: the one before it has been removed.
    expect(server.containerStatus(key, 'c', true)).toEqual(last);
  });
  test('of nobody', () => {
    const { server } = serve({});
    expect(server.logs(key, 'nope', {})).toEqual([]);
    expect(server.containerStatus({ namespace: 'default', name: 'nope' }, 'c', false)).toBeUndefined();
  });
});

describe('exec', () => {
  const run = (argv: readonly string[]) => {
    const { server, node } = serve({});
    const id = server.exec(key, { container: 'c', argv, stdin: false, tty: false });
    return { server, node, id };
  };
  test('gives output and exit code', () => {
    const { server, id } = run(['echo', 'hi']);
    expect(server.session(id, 0)).toEqual({ output: [{ stream: 'stdout', text: 'hi\n' }], offset: 1, exitCode: 0 });
    expect(server.session(id, 1)).toEqual({ output: [], offset: 1, exitCode: 0 });
    server.endSession(id);
    expect(server.session(id, 0)).toBeUndefined();
  });
  test('goes on over time', () => {
    const { server, node, id } = run(['sleep', '5']);
    expect(server.session(id, 0)).toEqual({ output: [], offset: 0 });
    expect((server.nextEvent() ?? 0) - node.sim.now).toBe(5000);
    node.advance(5);
    expect(server.session(id, 0)).toMatchObject({ exitCode: 0 });
  });
  test('says what cannot be started', () => {
    const { server, id } = run(['nonsense']);
    expect(server.session(id, 0)).toMatchObject({
      exitCode: 127,
      error: expect.stringMatching(
        /^failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nonsense": executable file not found in \$PATH: unknown$/,
      ),
    });
  });
  test('needs a container that runs', () => {
    const { server } = serve(crash);
    expect(() => server.exec(key, { container: 'c', argv: ['true'], stdin: false, tty: false })).toThrow(RuntimeError);
  });
});

test('attach shows what comes', () => {
  const { server, node } = serve({ image: 'busybox:1.36', command: ['sh', '-c', 'while true; do echo tick; sleep 5; done'] });
  const id = server.attach(key, { container: 'c', stdin: false, tty: false });
  expect(server.session(id, 0)).toMatchObject({ output: [] });
  node.advance(10);
  const told = server.session(id, 0);
  expect(told).toMatchObject({ output: [{ text: 'tick\n' }, { text: 'tick\n' }] });
  expect(server.session(id, told?.offset ?? 0)).toEqual({ output: [], offset: told?.offset });
  node.advance(5);
  expect(server.session(id, told?.offset ?? 0)).toMatchObject({ output: [{ text: 'tick\n' }] });
});

test('an attached session ends without an exit code', () => {
  const { server, node } = serve({ image: 'busybox:1.36', command: ['sh', '-c', 'echo one; sleep 30; echo two; exit 3'] });
  const id = server.attach(key, { container: 'c', stdin: false, tty: false });
  node.advance(40);
  const { output = [], exitCode } = server.session(id, 0) ?? {};
  expect(output.map(({ text }) => text).join('')).toContain('two\n');
  expect(exitCode).toBe(0);
});

describe('a forwarded port', () => {
  const ask = (text: string, port = 80) => {
    const { server } = serve({});
    const answer = server.forward(key, port, Buffer.from(text));
    return answer === undefined ? undefined : Buffer.from(answer.bytes).toString();
  };
  test('answers HTTP', () => {
    const answer = ask('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('Server: nginx/1.27.5');
    expect(answer).toContain('<title>Welcome to nginx!</title>');
  });
  test('answers what is not there', () => expect(ask('GET /nope HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/));
  test('HEAD brings no body', () => expect(ask('HEAD / HTTP/1.1\r\n\r\n')).toMatch(/\r\n\r\n$/));
  test('is refused where nobody listens', () => expect(ask('GET / HTTP/1.1\r\n\r\n', 81)).toBeUndefined());
});

test('stats tell what a pod uses', () => {
  const { server } = serve({});
  expect(server.stats(key)).toEqual([{ name: 'c', memoryBytes: 6815744, cpuNanoCores: 150000 }]);
});
