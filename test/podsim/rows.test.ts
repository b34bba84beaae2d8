/** What the dashboard makes of pods: their tone, and whose log is looked at first. */
import { expect, test } from 'vitest';
import { podRows } from '../../src/podsim/dashboard/rows.js';
import type { Pod } from '../../src/resources/pods/types.js';

const container = (name: string, state: object, more: object = {}) => ({ name, image: 'x', imageID: '', ready: false, restartCount: 0, state, ...more });
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const ended = (exitCode: number, reason: string) => ({ terminated: { exitCode, reason } });
const waiting = (reason: string) => ({ waiting: { reason } });

function rowOf(status: object, { metadata = {}, inits = [] as object[] } = {}) {
  const pod = {
    metadata: { name: 'p', namespace: 'ns', uid: 'u', ...metadata },
    spec: { initContainers: inits, containers: [{ name: 'main' }, { name: 'side' }], terminationGracePeriodSeconds: 7 },
    status,
  } as unknown as Pod;
  const [row] = podRows({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions: [], rows: [{ cells: ['p'], object: pod }] }, true).rows;
  return row as NonNullable<typeof row>;
}
const both = (state: object, ready = false) => ({ containerStatuses: [container('main', state, { ready }), container('side', running, { ready: true })] });

test.each([
  { tone: 'waiting', status: { phase: 'Pending' } },
  { tone: 'waiting', status: { phase: 'Pending', ...both(waiting('ContainerCreating')) } },
  { tone: 'trouble', status: { phase: 'Pending', ...both(waiting('ErrImagePull')) } },
  { tone: 'trouble', status: { phase: 'Pending', ...both(waiting('ErrImageNeverPull')) } },
  { tone: 'trouble', status: { phase: 'Pending', ...both(waiting('CreateContainerConfigError')) } },
  { tone: 'good', status: { phase: 'Running', ...both(running, true) } },
  { tone: 'waiting', status: { phase: 'Running', ...both(running) } },
  { tone: 'trouble', status: { phase: 'Running', ...both(waiting('CrashLoopBackOff')) } },
  { tone: 'trouble', status: { phase: 'Running', ...both(ended(137, 'OOMKilled')) } },
  { tone: 'done', status: { phase: 'Succeeded', ...both(ended(0, 'Completed')) } },
  { tone: 'trouble', status: { phase: 'Failed', reason: 'Evicted' } },
])('$status.phase is $tone', ({ tone, status }) => expect(rowOf(status).tone).toBe(tone));

test('who is being deleted is ending, however well', () => {
  expect(rowOf({ phase: 'Running', ...both(running, true) }, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }).tone).toBe('ending');
});

const inits = [{ name: 'first' }, { name: 'proxy', restartPolicy: 'Always' }, { name: 'last' }];
test.each([
  { name: 'nothing runs yet', states: {}, of: 'main' },
  { name: 'an init container runs', states: { first: running }, of: 'first' },
  { name: 'the last one fails', states: { first: ended(0, 'Completed'), proxy: running, last: ended(1, 'Error') }, of: 'last' },
  { name: 'all are through', states: { first: ended(0, 'Completed'), proxy: running, last: ended(0, 'Completed') }, of: 'main' },
])('the log to look at when $name', ({ states, of }) => {
  const row = rowOf({ phase: 'Pending', initContainerStatuses: Object.entries(states).map(([name, state]) => container(name, state)) }, { inits });
  expect(row.containers[row.container]).toBe(of);
  expect(row).toMatchObject({ namespace: 'ns', cells: ['ns', 'p'], grace: 7 });
});

test('the log that the annotation names', () => {
  const row = rowOf({ phase: 'Running' }, { metadata: { annotations: { 'kubectl.kubernetes.io/default-container': 'side' } } });
  expect(row.containers[row.container]).toBe('side');
});
