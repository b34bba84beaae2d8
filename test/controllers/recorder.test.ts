/** The recorder against what client-go's correlator does (behaviour.md §7 of the reference). */
import { describe, expect, test } from 'vitest';
import { forbidden } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import { minutes, seconds } from '../../src/api/time.js';
import type { Api } from '../../src/api/verbs.js';
import { EventRecorder } from '../../src/controllers/events/recorder.js';
import type { Event } from '../../src/resources/events/types.js';
import { MemoryCluster } from './memory-cluster.js';

const web: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'uid-1', resourceVersion: '7' } };

/** Of what it has seen made, the recorder remembers less than of what was there before. */
describe.each([{ of: 'what was there before' }, { of: 'what is new', isNew: true }])('events of $of', ({ isNew }) => {
  function setup(name = 'kubelet') {
    const cluster = new MemoryCluster();
    if (isNew === true) expect(cluster.api.create('pods', web).metadata.uid).toBe(web.metadata.uid);
    const event = (reason: string, message: string, options?: object) => cluster.context({ name }).event(web, 'Normal', reason, message, options);
    return { cluster, event };
  }

  test('an event has what client-go’s recorder writes', () => {
    const { cluster, event } = setup();
    event('Pulled', 'there', { fieldPath: 'spec.containers{c}', host: 'n1' });
    expect(cluster.events()[0]).toMatchObject({
      metadata: { name: 'web.18867251edfa0000', namespace: 'default' },
      involvedObject: { kind: 'Pod', namespace: 'default', name: 'web', uid: 'uid-1', apiVersion: 'v1', resourceVersion: '7', fieldPath: 'spec.containers{c}' },
      reason: 'Pulled',
      message: 'there',
      source: { component: 'kubelet', host: 'n1' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
      type: 'Normal',
      eventTime: null,
      reportingComponent: 'kubelet',
      reportingInstance: 'n1',
    });
  });

  test('the same event again is counted; events of one instant keep their order by name', () => {
    const { cluster, event } = setup();
    event('B', 'first');
    event('A', 'second');
    cluster.now = (cluster.now + seconds(90)) as typeof cluster.now;
    event('B', 'first');
    event('B', 'first', { fieldPath: 'spec.containers{c}' });
    expect(cluster.eventTexts()).toEqual(['Normal B web: first x2', 'Normal A web: second', 'Normal B web: first']);
    expect(cluster.events()[0]).toMatchObject({ count: 2, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:01:30Z' });
  });

  test('the 10th message of a reason is combined, and all later ones', () => {
    const { cluster, event } = setup();
    for (let i = 1; i <= 14; i++) event('Scaled', `to ${i}`);
    expect(cluster.eventTexts()).toEqual([
      ...Array.from({ length: 9 }, (_, i) => `Normal Scaled web: to ${i + 1}`),
      'Normal Scaled web: (combined from similar events): to 14 x5',
    ]);
  });

  test('a gap of more than ten minutes ends combining', () => {
    const { cluster, event } = setup();
    for (let i = 1; i <= 10; i++) event('Scaled', `to ${i}`);
    cluster.now = (cluster.now + minutes(11)) as typeof cluster.now;
    event('Scaled', 'to 11');
    expect(cluster.eventTexts().at(-1)).toBe('Normal Scaled web: to 11');
  });

  test('after 25 events one in five minutes gets through, and tells the count of those that did not', () => {
    const { cluster, event } = setup();
    for (let i = 0; i < 40; i++) event('BackOff', 'again');
    expect(cluster.eventTexts()).toEqual(['Normal BackOff web: again x25']);
    cluster.now = (cluster.now + minutes(5)) as typeof cluster.now;
    event('BackOff', 'again');
    expect(cluster.eventTexts()).toEqual(['Normal BackOff web: again x41']);
    event('BackOff', 'again');
    expect(cluster.eventTexts()).toEqual(['Normal BackOff web: again x41']);
  });

  test('events.k8s.io: one series whatever the message; a new event after six idle minutes', () => {
    const { cluster, event } = setup('default-scheduler');
    const fail = (message: string) => event('FailedScheduling', message, { action: 'Scheduling' });
    fail('a');
    expect(cluster.events()[0]).toMatchObject({ eventTime: '2026-01-01T00:00:00.000000Z', action: 'Scheduling', source: {}, firstTimestamp: null });
    expect(cluster.events()[0]).not.toHaveProperty('series');
    for (let i = 0; i < 3; i++) {
      cluster.now = (cluster.now + minutes(5)) as typeof cluster.now;
      fail('b');
    }
    expect(cluster.events()).toHaveLength(1);
    expect(cluster.events()[0]).toMatchObject({ message: 'a', series: { count: 2, lastObservedTime: '2026-01-01T00:05:00.000000Z' } });
    cluster.now = (cluster.now + minutes(7)) as typeof cluster.now;
    fail('c');
    expect(cluster.events().map(({ message, series }) => [message, series?.count])).toEqual([
      ['a', 4],
      ['c', undefined],
    ]);
  });

  test('an event that the API server refuses is lost, and told to who asks for it', () => {
    const { cluster } = setup();
    const refused: [string, string, string][] = [];
    const api: Api = {
      ...cluster.api,
      create: () => {
        throw forbidden('events', 'web', 'no more events');
      },
    };
    const recorder = new EventRecorder(api, cluster.state, {
      refused: (component, { name }, { message }) => void refused.push([component, name, message]),
    });
    recorder.record({ reconciler: 'kubelet', now: cluster.now }, web, 'Normal', 'A', 'b');
    expect(cluster.events()).toEqual([]);
    expect(refused).toEqual([['kubelet', 'web', 'events "web" is forbidden: no more events']]);
  });

  test('an event whose name another object’s event has takes the next one', () => {
    const { cluster, event } = setup();
    const metadata = { name: 'web.18867251edfa0000', namespace: 'default' };
    const other: Event = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject: { kind: 'Service', name: 'web', namespace: 'default' } };
    cluster.api.create('events', other);
    event('A', 'b');
    expect(cluster.events().map(({ metadata }) => metadata.name)).toEqual(['web.18867251edfa0000', 'web.18867251edfa0001']);
  });
});
