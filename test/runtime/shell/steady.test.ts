/**
 * Loops whose rounds are repeated instead of interpreted (steady.ts): nobody can tell. The same loop with an empty `case` in its
 * body is interpreted all the way, and must come to the same bytes.
 */
import { expect, test } from 'vitest';
import type { Pod } from '../../../src/resources/pods/types.js';
import { TestNode } from '../../kubelet/node.js';
import { pods } from './pods.js';

const INTERPRETED = 'case x in y) ;; esac;';
/** Around the end of a month: days of one and of two digits, and two months' names. */
const START = '2026-01-31T23:40:00Z';

interface Story {
  readonly image?: string;
  readonly shell?: string;
  readonly looks?: number;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** What somebody does in the container halfway. */
  readonly halfway?: string;
}

function tell(script: string, { image = 'busybox', shell = 'sh', looks = 1, spec = {}, halfway }: Story = {}): string {
  const c = pods({ time: START });
  c.run('x', image, [shell, '-c', script], { restartPolicy: 'Never', ...spec });
  c.advance('10s');
  let seen = '';
  for (const half of [0, 1]) {
    for (let i = 0; i < looks; i += 1) {
      c.advance(`${1_000_001 / looks}ms`);
      if (looks > 1) c.logs('x');
    }
    if (half === 0 && halfway !== undefined) seen += c.exec('x', halfway);
  }
  return `${seen}${c.logs('x')}---\n${c.exec('x', 'cd /tmp; ls -la --full-time /tmp; cat /tmp/* 2>&1')}---\n${JSON.stringify(c.get<Pod>('pods', 'x').status?.containerStatuses)}`;
}

const LOOPS: readonly (string | readonly [script: string, story: Story])[] = [
  'while true; do @ date >> /tmp/x; sleep 5; done',
  'while :; do @ echo hello; sleep 1; done',
  'while true; do @ echo $(date) hi >> /tmp/x; echo "$(date)" and `date +%s` >> /tmp/y; sleep 10; done',
  'while true; do @ date > /tmp/x; sleep 3; date -u +%T; sleep 4; done',
  'while true; do @ echo "$(date +%e)" $(date "+%e %B") x$(date +%H:%M)y; sleep 60; done',
  'while [ 1 ]; do @ printf "%s %s\\n" "$(date +%F)" b; sleep 30; done >> /tmp/x',
  'n=web; while true; do @ { echo "$n: $HOSTNAME"; date; } >> /tmp/x 2>&1; sleep 2.5; done',
  'trap "date; exit 5" TERM; while true; do @ date -Iseconds; sleep 7; done',
  'i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; sleep 1; done; until false; do @ date >> /tmp/x && sleep 5 || echo no; done',
  'while true; do @ if [ -f /tmp/stop ]; then echo stop; exit 3; fi; date >> /tmp/x; sleep 5; done',
  'while true; do @ echo x >> /proc/none/x; sleep 5; done',
  'while true; do @ [ "$(date +%M)" = 50 ] && echo ten to; sleep 20; done',
  'while true; do @ NOW=$(date +%M); if [ $NOW = 50 ]; then echo ten to; fi; sleep 20; done',
  'while true; do @ echo $(( $(date +%s) / 60 )); sleep 20; done',
  'while true; do @ printf "%-40s|\\n" "$(date)"; sleep 60; done',
  'IFS=:; while true; do @ echo $(date +%H:%M); sleep 60; done',
  'i=0; while true; do @ echo "$i: $(date)"; i=$((i+1)); sleep 9; done',
  'while true; do @ sleep 5 & wait; date; done',
  ['while true; do @ echo $SECONDS; sleep 0.5; [ $SECONDS -gt 900 ] && exit 4; done', { image: 'debian', shell: 'bash' }],
  ['while true; do @ echo -e "a\\t$(date)"; echo $RANDOM; sleep 5; done', { image: 'debian', shell: 'bash' }],
  ['while true; do @ echo "$(date "+%d\\n%m")"; echo $(date +%T) [a-c]; sleep 5; done', { image: 'debian', shell: 'sh' }],
  ['while true; do @ if [ -f /tmp/stop ]; then echo stop; exit 3; fi; date >> /tmp/x; sleep 5; done', { halfway: 'touch /tmp/stop' }],
  ['while true; do @ date >> /tmp/x; sleep 5; done', { halfway: 'rm /tmp/x; echo new' }],
  ['while true; do @ date >> /tmp/x; sleep 5; done', { halfway: 'echo between >> /tmp/x' }],
  ['while true; do @ date >> /tmp/x; sleep 5; done', { halfway: 'rm /tmp/x; mkdir /tmp/x' }],
  ['while true; do @ date >> /tmp/x; sleep 5; done', { halfway: 'printf "#!/bin/sh\\necho mine\\n" > /usr/local/sbin/date; chmod +x /usr/local/sbin/date' }],
  ['trap "date; exit 5" TERM; while true; do @ date >> /tmp/x; sleep 7; done', { halfway: 'kill -TERM 1; sleep 8' }],
  ['while true; do @ date >> /tmp/x; sleep 5; done', { spec: { containers: [container('x', 'ro')], volumes: [{ name: 's', emptyDir: {} }] } }],
];

function container(name: string, readOnly?: string) {
  return {
    name,
    image: 'busybox',
    command: ['sh', '-c', 'while true; do @ date >> /tmp/x; sleep 5; done'],
    ...(readOnly === undefined ? {} : { securityContext: { readOnlyRootFilesystem: true } }),
    volumeMounts: [{ name: 's', mountPath: '/shared' }],
  };
}

test.each(LOOPS.map((one) => (typeof one === 'string' ? ([one, {}] as const) : one)))('%s %j', (script, story) => {
  const filled = (words: string): Story => JSON.parse(JSON.stringify(story).replaceAll(' @ ', ` ${words} `)) as Story;
  const whole = tell(script.replace(' @ ', ' '), filled(''));
  const interpreted = tell(script.replace(' @ ', ` ${INTERPRETED} `), filled(INTERPRETED));
  expect(whole).toBe(interpreted);
  expect(whole).toMatch(/20:|23:|hello|ten to|\d|Read-only/);
  const often = tell(script.replace(' @ ', ' '), { ...filled(''), looks: 7 });
  expect(often).toBe(whole);
});

test('what others do to a file they share comes in its order', () => {
  const story = (words: string): string => {
    const loop = (what: string, every: number) => ['sh', '-c', `while true; do ${words} ${what}; sleep ${every}; done`];
    const c = pods({ time: START });
    const volumeMounts = [{ name: 's', mountPath: '/shared' }];
    c.run('x', 'busybox', undefined, {
      containers: [
        { name: 'a', image: 'busybox', command: loop('echo "a $(date)" >> /shared/x', 5), volumeMounts },
        { name: 'b', image: 'busybox', command: loop('echo "b $(date)" >> /shared/x', 7), volumeMounts },
        { name: 'c', image: 'busybox', command: loop('wc -l < /shared/x', 60), volumeMounts },
        { name: 'd', image: 'busybox', command: loop('date > /tmp/d', 5) },
      ],
      volumes: [{ name: 's', emptyDir: {} }],
    });
    c.advance('20m');
    return c.exec('x', 'cat /shared/x', 'a') + c.logs('x', 'c') + c.exec('x', 'cat /tmp/d', 'd');
  };
  expect(story('')).toBe(story(INTERPRETED));
});

test('a year of a loop that does nothing, and three days of one that writes, take no time', () => {
  const c = pods();
  c.run('idle', 'busybox', ['sh', '-c', 'trap exit TERM; while true; do sleep 7; done']);
  c.run('busy', 'busybox', ['sh', '-c', 'while true; do date >> /tmp/x; sleep 5; done']);
  c.advance('10s');
  c.advance('72h');
  const { user } = process.cpuUsage();
  expect(c.exec('busy', 'wc -l < /tmp/x')).toBe(`${(72 * 3600 + 5) / 5 + 1}\n`);
  c.advance('8760h');
  expect(c.logs('idle')).toBe('');
  expect((process.cpuUsage().user - user) / 1000).toBeLessThan(3000);
});

test('suspended and resumed a hundred times, what is saved is the same to the byte', () => {
  const story = (cut: number): string => {
    const node = new TestNode();
    const loop = 'while true; do date >> /tmp/x; echo "$(date +%T)"; sleep 5; done';
    node.run({ name: 'loop', spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', loop] }] } });
    for (let second = 0; second < 600; second += cut) {
      node.advance(cut);
      node.log('loop', 'c');
      if (cut < 600) node.reload();
    }
    return node.saved();
  };
  const whole = story(600);
  expect(whole).toContain('"effects"');
  expect(story(6)).toBe(whole);
});
