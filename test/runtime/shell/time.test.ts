/** Long-running containers: neither suspending nor being late changes what they do. What they cost is the bench's (test/bench). */
import { expect, test } from 'vitest';
import type { Frame } from '../../../src/apiserver/long-running.js';
import type { Pod } from '../../../src/resources/pods/types.js';
import { runScript } from './host.js';
import { pods } from './pods.js';

const HOUR = 3_600_000;

test('an hour of a loop', () => {
  const source = 'i=0; while [ $i -lt 719 ]; do date >> /tmp/x; sleep 5; i=$((i+1)); done; wc -l < /tmp/x';
  expect(runScript('ash', ['sh', '-c', source], { until: HOUR }).output).toBe('719\n');
});

test('a thousand pods for a minute', () => {
  const c = pods({ nodes: 12 });
  for (let i = 0; i < 1000; i += 1)
    c.run(`p${i}`, 'busybox', ['sh', '-c', 'while true; do date >> /tmp/x; sleep 5; done'], { terminationGracePeriodSeconds: 0 });
  c.advance('5m');
  expect(c.list<Pod>('pods').filter((pod) => pod.status?.phase === 'Running').length).toBeGreaterThanOrEqual(1000);
  c.advance('1m');
  expect(c.exec('p0', 'wc -l < /tmp/x')).toMatch(/^\d\d\n$/);
});

test.each([
  'while true; do echo "$(date) $((i=i+1))"; sleep 7; done',
  'for i in 1 2 3 4 5 6; do (echo $i; sleep $i) & done; wait; echo end',
  'f() { local x=$1; sleep 1; [ $x -gt 0 ] && f $((x-1)); echo $x; }; f 5',
  'seq 5 | while read x; do sleep 2; echo $x | tr 1-5 a-e; done',
  'trap "echo bye" EXIT; timeout 3 sleep 10; echo $?; { sleep 2; echo out; } > /tmp/f & tail -f /tmp/f & sleep 5; cat /tmp/f',
])('suspended at every wait, it is the same: %s', (source) => {
  const until = 60_000;
  const whole = runScript('bash', ['bash', '-c', source], { until });
  const parts = runScript('bash', ['bash', '-c', source], { until, suspend: true });
  expect(parts).toEqual(whole);
  expect(whole.output).not.toBe('');
});

test('looked at once or a hundred times, it is the same', () => {
  const story = (looks: number) => {
    const c = pods();
    c.run('x', 'busybox', ['sh', '-c', 'i=0; while true; do echo "$i: $(date)" >> /shared/x; i=$((i+1)); sleep 5; done'], {
      containers: [
        {
          name: 'a',
          image: 'busybox',
          command: ['sh', '-c', 'i=0; while true; do echo "$i: $(date)" >> /shared/x; i=$((i+1)); sleep 5; done'],
          volumeMounts: [{ name: 's', mountPath: '/shared' }],
        },
        {
          name: 'b',
          image: 'busybox',
          command: ['sh', '-c', 'while true; do wc -l < /shared/x; sleep 3; done'],
          volumeMounts: [{ name: 's', mountPath: '/shared' }],
        },
      ],
      volumes: [{ name: 's', emptyDir: {} }],
    });
    c.advance('10s');
    for (let i = 0; i < looks; i += 1) {
      c.advance(`${1_000_000 / looks}ms`);
      c.logs('x', 'b');
    }
    return c.logs('x', 'b') + c.exec('x', 'cat /shared/x', 'a');
  };
  expect(story(100)).toBe(story(1));
});

test('a loop that does nothing is not run, and is where it would be when a signal comes', () => {
  const story = (looks: number) => {
    const c = pods();
    c.run('idle', 'busybox', ['sh', '-c', 'trap "date; exit 5" TERM; while true; do sleep 7; done'], {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 60,
    });
    c.advance('10s');
    const { user } = process.cpuUsage();
    for (let i = 0; i < looks; i += 1) {
      c.advance(`${86_400_000 / looks}ms`);
      c.logs('idle');
    }
    const spent = (process.cpuUsage().user - user) / 1000;
    c.exec('idle', 'kill -TERM 1');
    c.advance('10s');
    const ended = c.get<Pod>('pods', 'idle').status?.containerStatuses?.[0]?.state?.terminated;
    return { spent, code: ended?.exitCode, at: ended?.finishedAt, log: c.logs('idle') };
  };
  const [once, often] = [story(1), story(50)];
  expect(once.code).toBe(5);
  expect({ ...often, spent: 0 }).toEqual({ ...once, spent: 0 });
});

test('what never waits is run in slices, and says so', () => {
  const c = pods();
  c.run('busy', 'busybox', ['sh', '-c', 'i=0; while true; do i=$((i+1)); done'], { restartPolicy: 'Never' });
  c.advance('20s');
  c.advance('24h');
  expect(c.logs('busy')).toMatch(/^podsim: this container never waits; after \d+ steps podsim runs it on in slices\n$/);
});

test.each(['yes', 'cat /dev/zero', 'yes > /dev/null', 'while true; do echo y; done', 'yes | cat', 'yes | grep y > /tmp/x'])(
  'a log takes no more than a log may: %s',
  (script) => {
    const c = pods();
    c.run('busy', 'busybox', ['sh', '-c', script], { restartPolicy: 'Never' });
    const { user } = process.cpuUsage();
    c.advance('10m');
    expect(c.logs('busy').length).toBeLessThan(3_000_000);
    expect((process.cpuUsage().user - user) / 1000).toBeLessThan(10_000);
    expect(c.get<Pod>('pods', 'busy').status?.phase).toBe('Running');
  },
  60_000,
);

test('what is long but has an end comes to it at once', () => {
  const c = pods();
  c.run('long', 'busybox', ['sh', '-c', 'yes | head -c 20000000 | wc -c; head -c 20000000 /dev/zero > /tmp/x; wc -c < /tmp/x'], { restartPolicy: 'Never' });
  c.advance('10s');
  expect(c.logs('long')).toBe('20000000\n20000000\n');
});

test('a long line is cut into pieces, and put together again', () => {
  const c = pods();
  c.run('long', 'busybox', ['sh', '-c', 'head -c 100000 /dev/zero | tr "\\0" x; echo z; echo; echo end'], { restartPolicy: 'Never' });
  c.advance('10s');
  expect(c.logs('long')).toBe(`${'x'.repeat(100_000)}z\n\nend\n`);
});

/** What `logs -f` and `attach` tell when they look every so often. */
function follow(c: ReturnType<typeof pods>, path: string, every: string, times: number): string {
  const query = path === 'attach' ? 'stdout=true&stderr=true' : 'follow=true';
  let cursor = c.request(path === 'attach' ? 'POST' : 'GET', `/api/v1/namespaces/default/pods/x/${path}?${query}`).longRunning?.cursor;
  let told = '';
  for (let i = 0; i < times && cursor !== undefined; i += 1) {
    const { chunks, cursor: next } = c.cluster.server.poll(cursor);
    for (const chunk of chunks) told += typeof chunk === 'string' ? chunk : (chunk as Frame).channel < 3 ? Buffer.from((chunk as Frame).data).toString() : '';
    cursor = next;
    c.advance(every);
  }
  return told;
}

test.each(['log', 'attach'])('%s misses no line and tells none twice while the log rotates', (path) => {
  const c = pods();
  c.run('x', 'busybox', ['sh', '-c', 'sleep 10; i=0; while [ $i -lt 100 ]; do seq $((i*500)) $((i*500+499)); i=$((i+1)); sleep 1; done; sleep 100']);
  c.advance('8s');
  expect(follow(c, path, '10s', 14) === Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join('')).toBe(true);
  expect(c.logs('x').startsWith('0\n')).toBe(false);
});

test('a line is logged when its end has come, or the process has ended', () => {
  const script = 'printf one; sleep 5; echo err >&2; sleep 5; echo " two"; printf three; sleep 5';
  const run = () => {
    const c = pods();
    c.run('x', 'busybox', ['sh', '-c', script], { restartPolicy: 'Never' });
    c.advance('3s');
    return c;
  };
  const c = run();
  expect(c.logs('x')).toBe('');
  c.advance('5s');
  expect(c.logs('x')).toBe('err\n');
  c.advance('5s');
  expect(c.logs('x')).toBe('err\none two\n');
  c.advance('5s');
  expect(c.logs('x')).toBe('err\none two\nthree');
  expect(follow(run(), 'log', '1s', 30)).toBe('err\none two\nthree');
  const attached = run();
  expect(follow(attached, 'attach', '1s', 30)).toBe('err\n two\nthree');
});
