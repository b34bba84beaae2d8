/** The model of a pod's life: what it shows against what the cluster knows, told exactly and after the store has forgotten. */
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { parseTime, type Time } from '../../src/api/time.js';
import { deletedPod, podJournal } from '../../src/cluster/pod-journal.js';
import { axisOf, offsetText } from '../../src/podsim/timeline/axis.js';
import { type Evidence, evidenceOf, remoteEvidence } from '../../src/podsim/timeline/evidence.js';
import { timelineJson } from '../../src/podsim/timeline/json.js';
import { type PodTimeline, podTimeline, type Row } from '../../src/podsim/timeline/model.js';
import { timelineSvg } from '../../src/podsim/timeline/svg.js';
import type { Event } from '../../src/resources/events/types.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { cluster, type TestCluster } from '../harness/cluster.js';

const pod = (name: string, spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }) as KubeObject;
const shell = (name: string, script: string, more: object = {}) => ({ name, image: 'busybox:1.36', command: ['sh', '-c', script], ...more });
const evidence = (c: TestCluster, name: string): Evidence => evidenceOf(c.cluster, { namespace: 'default', name }) as Evidence;
const timeline = (c: TestCluster, name: string): PodTimeline => podTimeline(evidence(c, name));
const row = (found: PodTimeline, name: string): Row => found.rows.find((one) => one.name === name) as Row;
const states = (found: PodTimeline, name: string): readonly string[] => row(found, name).spans.map(({ state }) => state);
/** As after a great deal else: only the object, Events and the node's records are left. */
const forgotten = (found: Evidence): Evidence => ({ ...found, versions: [], isFromCreation: false, writes: [] });
/** As in a dump, or at the other end of a network. */
const dumped = ({ pod: object, events, now }: Evidence): Evidence => remoteEvidence(object, events, now);

const STORIES: readonly {
  readonly name: string;
  readonly spec: object;
  readonly advance: string;
  readonly rows: Readonly<Record<string, readonly string[]>>;
}[] = [
  {
    name: 'runs',
    spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] },
    advance: '30s',
    rows: { phase: ['Pending', 'Running'], PodScheduled: ['True'], Initialized: ['True'], Ready: ['False', 'True'], c: ['ContainerCreating', 'Running'] },
  },
  {
    name: 'completes',
    spec: { restartPolicy: 'Never', containers: [shell('c', 'sleep 4')] },
    advance: '30s',
    rows: {
      phase: ['Pending', 'Running', 'Succeeded'],
      Ready: ['False', 'True', 'False'],
      PodReadyToStartContainers: ['False', 'True', 'False'],
      c: ['ContainerCreating', 'Running', 'Completed'],
    },
  },
  {
    name: 'init and sidecar',
    spec: { initContainers: [shell('i', 'sleep 2'), shell('s', 'sleep 999', { restartPolicy: 'Always' })], containers: [{ name: 'c', image: 'nginx:1.27' }] },
    advance: '40s',
    rows: {
      Initialized: ['False', 'True'],
      i: ['PodInitializing', 'Running', 'Completed'],
      s: ['PodInitializing', 'Running'],
      c: ['PodInitializing', 'Running'],
    },
  },
  {
    name: 'no node',
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '64' } } }] },
    advance: '60s',
    rows: { phase: ['Pending'], PodScheduled: ['False'], c: [] },
  },
  {
    name: 'fails',
    spec: { restartPolicy: 'Never', containers: [shell('c', 'sleep 3; exit 7')] },
    advance: '30s',
    rows: { phase: ['Pending', 'Running', 'Failed'], c: ['ContainerCreating', 'Running', 'Error'] },
  },
  {
    name: 'missing config map',
    spec: { containers: [shell('c', 'true', { envFrom: [{ configMapRef: { name: 'nope' } }] })] },
    advance: '30s',
    rows: { phase: ['Pending'], c: ['ContainerCreating', 'CreateContainerConfigError'] },
  },
];

describe.each(STORIES)('a pod that $name', ({ spec, advance, rows }) => {
  const c = cluster();
  c.create(pod('p', spec));
  c.advance(advance);
  const exact = evidence(c, 'p');

  test.each(Object.entries(rows))('%s', (name, expected) => {
    expect(states(podTimeline(exact), name)).toEqual(expected);
  });
  test.each(Object.keys(rows))('%s is told the same when the store has forgotten its versions, to the second or so', (name) => {
    const [known, rough] = [podTimeline(exact), podTimeline(forgotten(exact))];
    expect(states(rough, name)).toEqual(states(known, name));
    for (const [i, span] of row(rough, name).spans.entries()) {
      // The object has seconds, cut off; what the kubelet notices it notices within half a second; a wait is found by its first complaint.
      expect(Math.abs(span.from - (row(known, name).spans[i]?.from ?? 0)), `${name} ${span.state}`).toBeLessThan(1600);
    }
  });
  test('spans follow each other and end at the end', () => {
    for (const found of [podTimeline(exact), podTimeline(forgotten(exact)), podTimeline(dumped(exact))])
      for (const { spans } of found.rows) {
        for (const [i, span] of spans.entries()) {
          expect(span.to).toBeGreaterThanOrEqual(span.from);
          if (i > 0) expect(span.from).toBe(spans[i - 1]?.to);
        }
        if (spans.length > 0) expect(spans.at(-1)?.to).toBe(found.to);
      }
  });
});

test('a run begins and ends when the runtime says', () => {
  const c = cluster();
  c.create(pod('p', { restartPolicy: 'Never', containers: [shell('c', 'sleep 4')] }));
  c.advance('30s');
  const { sandboxes } = evidence(c, 'p');
  const [record] = sandboxes[0]?.containers ?? [];
  const spans = row(timeline(c, 'p'), 'c').spans;
  expect(spans[1]?.from).toBe(record?.startedAt);
  expect(spans[1]?.to).toBe(record?.finishedAt);
  expect((spans[1]?.to ?? 0) - (spans[1]?.from ?? 0)).toBe(4000);
});

describe('a crash loop', () => {
  const c = cluster();
  c.create(pod('p', { containers: [shell('c', 'sleep 5; exit 3')] }));
  c.advance('10m');
  const known = evidence(c, 'p');
  const restarts = c.get<Pod>('pods', 'p').status?.containerStatuses?.[0]?.restartCount as number;
  const runs = (found: Evidence) => row(podTimeline(found), 'c').spans.filter(({ state }) => state === 'Running');

  test('every run is there, though the object keeps two', () => {
    expect(restarts).toBeGreaterThan(4);
    expect(runs(known)).toHaveLength(restarts + 1);
    expect(runs(forgotten(known))).toEqual(runs(known));
    expect(runs(known).map(({ restart }) => restart)).toEqual(runs(known).map((_, i) => i));
  });
  test('Ready flips as often as it ran', () => {
    for (const found of [known, forgotten(known)]) expect(states(podTimeline(found), 'Ready').filter((state) => state === 'True')).toHaveLength(restarts + 1);
  });
  test('of a dump, what is not known is not claimed', () => {
    const found = podTimeline(dumped(known));
    expect(states(found, 'c')).toContain(`${restarts + 1 - runs(dumped(known)).length} runs not on record`);
    expect(states(found, 'Ready')).toContain('not on record');
    expect(found.notes.join()).toMatch(/Not every earlier run is still on record: of c/);
  });
  test('the journal is bounded, and says what it has dropped', () => {
    const long = cluster();
    long.create(pod('p', { containers: [shell('c', 'exit 1')] }));
    for (let i = 0; i < 12; i++) long.advance('1h');
    const journal = podJournal(long.cluster.state, long.get<Pod>('pods', 'p'));
    expect(journal?.entries.length).toBeLessThanOrEqual(240);
    expect(JSON.stringify(journal).length).toBeLessThan(48_000);
    expect(states(timeline(long, 'p'), 'phase')).toEqual(['Pending', 'Running']);
  });
});

test('healthy pods, and those that end, have no journal', () => {
  const c = cluster();
  c.create(pod('web', { containers: [{ name: 'c', image: 'nginx:1.27', readinessProbe: { httpGet: { path: '/', port: 80 } } }] }));
  c.create(pod('job', { restartPolicy: 'Never', containers: [shell('c', 'sleep 2')] }));
  c.create(pod('init', { initContainers: [shell('i', 'sleep 1')], containers: [{ name: 'c', image: 'nginx:1.27' }] }));
  c.advance('5m');
  expect(c.cluster.state.keys('journal/')).toEqual([]);
});

describe('the end', () => {
  const c = cluster();
  const hooks = { preStop: { exec: { command: ['sleep', '3'] } } };
  c.create(
    pod('p', {
      terminationGracePeriodSeconds: 8,
      containers: [{ name: 'web', image: 'nginx:1.27', lifecycle: hooks }, shell('stubborn', 'trap "" TERM; sleep 999')],
    }),
  );
  c.advance('20s');
  c.request('DELETE', '/api/v1/namespaces/default/pods/p');
  c.advance('20s');
  const found = timeline(c, 'p');
  const at = (reason: string, container: string): number | undefined => {
    const mark = found.marks.find((one) => one.reason === reason && one.container === container);
    return mark === undefined ? undefined : (mark.at - found.from) / 1000;
  };

  test('a deleted pod is shown to its removal', () => {
    expect(c.has('pods', 'p')).toBe(false);
    expect(found.isGone).toBe(true);
    expect(states(found, 'deletion')).toEqual(['Terminating']);
    expect(row(found, 'deletion').spans[0]?.from).toBe(parseTime('2026-01-01T00:00:20Z'));
    expect(states(found, 'stubborn').at(-1)).toBe('Error');
    expect(row(found, 'stubborn').spans.at(-1)?.exitCode).toBe(137);
  });
  test.each([
    ['PreStop', 'web', 20],
    ['SIGQUIT', 'web', 23],
    ['SIGTERM', 'stubborn', 20],
    ['SIGKILL', 'stubborn', 28],
    ['SIGKILL', 'web', undefined],
  ] as const)('%s to %s at %s', (reason, container, expected) => expect(at(reason, container)).toBe(expected));
  test('told from what was buried, once the store has forgotten', () => {
    const rough = podTimeline(forgotten(evidence(c, 'p')));
    expect(states(rough, 'stubborn')).toEqual(states(found, 'stubborn'));
    expect(rough.marks.some(({ reason }) => reason === 'SIGKILL')).toBe(true);
  });
  test('an hour later it is not shown any more', () => {
    expect(deletedPod(c.cluster.state, { namespace: 'default', name: 'p' }, c.now)?.pod.metadata.name).toBe('p');
    c.advance('2h');
    expect(deletedPod(c.cluster.state, { namespace: 'default', name: 'p' }, c.now)).toBeUndefined();
  });
});

test('of deleted pods only the last twenty are kept', () => {
  const c = cluster();
  for (let i = 0; i < 25; i++) {
    c.create(pod(`p${i}`, { containers: [{ name: 'c', image: 'nginx' }] }));
    c.delete('pods', `p${i}`);
    c.advance('1m');
  }
  expect(c.cluster.state.keys('deleted/pods/')).toHaveLength(20);
  expect(evidence(c, 'p24').isFromEvents).toBeUndefined();
});

test('of another pod of the same name nothing is told', () => {
  const c = cluster();
  c.create(pod('p', { containers: [shell('c', 'exit 1')] }));
  c.advance('2m');
  c.delete('pods', 'p');
  c.advance('40s');
  c.create(pod('p', { containers: [{ name: 'c', image: 'nginx:1.27' }] }));
  c.advance('20s');
  const found = timeline(c, 'p');
  expect(states(found, 'c')).toEqual(['ContainerCreating', 'Running']);
  expect(found.marks.map(({ reason }) => reason)).not.toContain('BackOff');
  expect(found.isGone).toBe(false);
});

test('looking changes nothing', () => {
  const c = cluster();
  c.create(pod('p', { containers: [shell('c', 'exit 1')] }));
  c.advance('2m');
  c.cluster.changes();
  const before = JSON.stringify([...c.cluster.changes().keys()]);
  timelineJson(timeline(c, 'p'));
  expect(JSON.stringify([...c.cluster.changes().keys()])).toBe(before);
});

test('repeated Events count as often as they say', () => {
  const c = cluster();
  c.create(pod('p', { containers: [{ name: 'c', image: 'ngnix' }] }));
  c.advance('5m');
  for (const found of [evidence(c, 'p'), forgotten(evidence(c, 'p'))]) {
    const marks = podTimeline(found).marks;
    for (const event of found.events as readonly Event[]) {
      const own = marks.filter(({ kind, reason, message }) => kind === 'event' && reason === event.reason && message === (event.message ?? '').trim());
      expect(
        own.reduce((sum, { count = 1 }) => sum + count, 0),
        event.reason,
      ).toBe(event.series?.count ?? event.count ?? 1);
    }
  }
});

describe('the axis', () => {
  const life = (ms: readonly number[]): PodTimeline =>
    ({
      from: 0,
      rows: [{ kind: 'phase', name: 'phase', spans: ms.slice(1).map((to, i) => ({ from: ms[i], to, state: String(i), tone: 'good' })) }],
    }) as unknown as PodTimeline;
  const SHAPES = [
    { name: 'evenly spread', stops: [0, 10_000, 20_000, 30_000], isLinear: true },
    { name: 'seconds beside hours', stops: [0, 500, 3000, 3500, 7_200_000], isLinear: false },
    { name: 'nothing but a beginning', stops: [0, 60_000], isLinear: true },
    { name: 'no time at all', stops: [0, 0], isLinear: true },
  ];
  test.each(SHAPES)('$name', ({ stops, isLinear }) => {
    const axis = axisOf(life(stops), { from: 0 as Time, to: stops.at(-1) as Time, length: 60, gap: 9, scale: 'auto' });
    expect(axis.isLinear).toBe(isLinear);
    const places = stops.map((time) => axis.place(time as Time));
    expect(places[0]).toBe(0);
    for (const [i, place] of places.entries()) {
      expect(place).toBeGreaterThanOrEqual(places[i - 1] ?? 0);
      expect(place).toBeLessThanOrEqual(60);
      if (!isLinear && i > 0) expect(place - (places[i - 1] ?? 0)).toBeGreaterThan(1);
    }
    for (const [i, tick] of axis.ticks.entries()) if (i > 0) expect(tick.at).toBeGreaterThan(axis.ticks[i - 1]?.at ?? 0);
    expect(axis.ticks.length).toBeLessThanOrEqual(8);
  });
  test.each([
    [0, '0s'],
    [250, '0.25s'],
    [59_900, '59.9s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [7_500_000, '2h5m'],
    [273_600_000, '3d4h'],
  ])('%d ms are %s', (ms, text) => expect(offsetText(ms)).toBe(text));
});

test('the picture is XML whatever is in it', () => {
  const c = cluster();
  c.create(pod('p', { restartPolicy: 'Never', containers: [shell('c', `printf '<&>"\\033[1m' > /dev/termination-log; exit 1`)] }));
  c.advance('30s');
  const svg = timelineSvg(timeline(c, 'p'), { scale: 'auto', isWhole: false });
  expect(svg).toContain('&lt;&amp;&gt;&quot;[1m');
  // Every tag that is opened is closed, in its order.
  const open: string[] = [];
  for (const [, close, name = '', , self] of svg
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .matchAll(/<(\/?)([a-z]+)((?:\s[a-zA-Z0-9-]+(?::[a-z]+)?="[^"<]*")*)\s*(\/?)>/g)) {
    if (close === '/') expect(open.pop()).toBe(name);
    else if (self !== '/') open.push(name);
  }
  expect(open).toEqual([]);
  expect(svg.replaceAll(/<[^>]*>/g, '')).not.toMatch(/&(?!(amp|lt|gt|quot);)/);
});

test('JSON has times as text and as seconds', () => {
  const c = cluster();
  c.create(pod('p', { containers: [{ name: 'c', image: 'nginx:1.27' }] }));
  c.advance('30s');
  const found = timelineJson(timeline(c, 'p'));
  expect(found.start).toBe('2026-01-01T00:00:00.000Z');
  for (const { spans } of found.rows)
    for (const { from, fromSeconds } of spans) expect((parseTime(from) ?? 0) - (parseTime(found.start) ?? 0)).toBe(Math.round(fromSeconds * 1000));
  expect(found.events.map(({ seconds }) => seconds)).toEqual([...found.events.map(({ seconds }) => seconds)].sort((a, b) => a - b));
});
