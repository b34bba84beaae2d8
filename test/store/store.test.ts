import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Time } from '../../src/api/time.js';
import type { WatchEvent } from '../../src/api/verbs.js';
import type { Saved } from '../../src/store/backend/backend.js';
import { MemoryBackend } from '../../src/store/backend/memory.js';
import { Document } from '../../src/store/document.js';
import { ObjectStore } from '../../src/store/object-store.js';

interface Pod extends KubeObject {
  readonly spec?: { readonly node?: string; readonly deep?: { readonly list: readonly number[] } };
}
const pod = (name: string, more: Partial<Pod> & { readonly namespace?: string; readonly owner?: string } = {}): Pod => {
  const { namespace = 'default', owner, ...rest } = more;
  const ownerReferences = owner === undefined ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: owner, uid: owner, controller: true }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...ownerReferences }, ...rest };
};
const traits = (resource: string) =>
  resource === 'pods' ? { indexers: { node: (object: KubeObject) => [(object as Pod).spec?.node ?? ''] } } : { isSeldomRead: resource === 'events' };

function open(saved?: Saved, revision = 0) {
  const document = new Document(saved);
  return { document, store: new ObjectStore(document, revision, traits, () => clock.now) };
}
const clock = { now: 0 as Time };
/** Saves and opens anew, as the next process would. */
async function reopen({ document, store }: ReturnType<typeof open>, backend: MemoryBackend) {
  store.save();
  return open(await backend.save(await backend.load(), document.changes()), store.revision);
}
const key = (name: string, namespace = 'default') => ({ namespace, name });
const names = (objects: readonly KubeObject[]) => objects.map((object) => object.metadata.name);

describe('put, get, delete', () => {
  test('one revision counter for everything', () => {
    const { store } = open();
    expect(store.put('pods', pod('a')).metadata.resourceVersion).toBe('1');
    expect(store.put('configmaps', pod('a')).metadata.resourceVersion).toBe('2');
    expect(store.put('pods', pod('a')).metadata.resourceVersion).toBe('3');
    expect(store.delete('pods', key('a')).metadata.resourceVersion).toBe('4');
    expect(store.revision).toBe(4);
    expect(store.get('pods', key('a'))).toBeUndefined();
    expect(store.get('configmaps', key('a'))?.metadata.resourceVersion).toBe('2');
  });

  test('expected revisions', () => {
    const { store } = open();
    store.put('pods', pod('a'), 0);
    expect(() => store.put('pods', pod('a'), 0)).toThrow('pods "a" already exists');
    expect(() => store.put('pods', pod('a'), 7)).toThrow('Operation cannot be fulfilled on pods "a"');
    expect(() => store.put('pods', pod('b'), 7)).toThrow('Operation cannot be fulfilled on pods "b"');
    expect(() => store.delete('pods', key('a'), { expected: 2 })).toThrow('Operation cannot be fulfilled');
    expect(() => store.delete('pods', key('b'))).toThrow('pods "b" not found');
    store.put('pods', pod('a'), 1);
    store.delete('pods', key('a'), { expected: 2 });
    expect(store.revision).toBe(3);
  });

  test('stored objects are frozen to the bottom, unchanged parts shared, undefined dropped', () => {
    const { store } = open();
    const stored = store.put('pods', pod('a', { spec: { node: 'n1', deep: { list: [1] } } }));
    expect(Object.isFrozen(stored.spec?.deep?.list)).toBe(true);
    const next = store.put('pods', { ...stored, metadata: { ...stored.metadata, labels: { a: 'b' } }, status: undefined } as Pod);
    expect(next.spec).toBe(stored.spec);
    expect(Object.keys(next)).not.toContain('status');
  });
});

describe('lists and indexes', () => {
  const filled = () => {
    const opened = open();
    for (const [name, namespace, node, owner] of [
      ['b', 'default', 'n1', 'x'],
      ['a', 'default', 'n2', 'x'],
      ['a', 'other', 'n1', 'y'],
      ['c', 'default', '', 'y'],
      ['a', 'default-2', 'n1', 'x'],
    ] as const)
      opened.store.put('pods', pod(name, { namespace, owner, spec: { node } }));
    opened.store.put('podsecrets', pod('no'));
    return opened;
  };
  const backend = new MemoryBackend();
  for (const [how, opened] of [
    ['in memory', async () => filled()],
    ['loaded', async () => reopen(filled(), new MemoryBackend())],
  ] as const) {
    test(`${how}: key order, namespaces, indexes kept up to date`, async () => {
      const { store } = await opened();
      expect(store.list('pods').map((object) => `${object.metadata.namespace}/${object.metadata.name}`)).toEqual([
        'default-2/a',
        'default/a',
        'default/b',
        'default/c',
        'other/a',
      ]);
      expect(names(store.list('pods', { namespace: 'default' }))).toEqual(['a', 'b', 'c']);
      expect(store.count('pods', 'default')).toBe(3);
      expect(store.count('pods')).toBe(5);
      expect(store.list('pods', { index: { name: 'node', value: 'n1' } }).map((object) => object.metadata.namespace)).toEqual([
        'default-2',
        'default',
        'other',
      ]);
      expect(names(store.list('pods', { namespace: 'default', index: { name: 'owner', value: 'x' } }))).toEqual(['a', 'b']);
      store.put('pods', pod('c', { owner: 'x', spec: { node: 'n1' } }));
      store.delete('pods', key('a'));
      expect(names(store.list('pods', { namespace: 'default', index: { name: 'owner', value: 'x' } }))).toEqual(['b', 'c']);
      expect(names(store.list('pods', { namespace: 'default', index: { name: 'node', value: 'n1' } }))).toEqual(['b', 'c']);
      expect(store.list('pods', { index: { name: 'node', value: 'n2' } })).toEqual([]);
      expect(() => store.list('pods', { index: { name: 'nope', value: '' } })).toThrow('pods has no index nope');
    });
  }
  test('only what is touched is parsed', async () => {
    const next = await reopen(filled(), backend);
    const saved = (await backend.load()) as Saved;
    const read: string[] = [];
    const spied: Saved = {
      version: saved.version,
      entries: {
        keys: (prefix) => saved.entries.keys(prefix),
        get: (name) => {
          read.push(name);
          return saved.entries.get(name);
        },
      },
    };
    const { store, document } = open(spied, next.store.revision);
    store.count('pods');
    store.get('pods', key('b'));
    store.get('pods', key('b'));
    expect(read).toEqual(['/registry/pods/default/b']);
    expect(document.isChanged).toBe(false);
  });
});

describe('watch and history', () => {
  const brief = (events: readonly WatchEvent[] | undefined) =>
    events?.map(
      ({ type, object, old }) =>
        `${type} ${object.metadata.name}@${object.metadata.resourceVersion}${old === undefined ? '' : ` was ${old.metadata.resourceVersion}`}`,
    );

  test('watchers see every change of their resource, in order, until they stop', () => {
    const { store } = open();
    const pods: WatchEvent[] = [];
    const all: WatchEvent[] = [];
    const stop = store.watch('pods', (event) => pods.push(event));
    store.watch('*', (event) => all.push(event));
    store.put('pods', pod('a'));
    store.put('nodes', pod('n', { namespace: '' }));
    store.put('pods', pod('a'));
    stop();
    store.delete('pods', key('a'));
    expect(brief(pods)).toEqual(['ADDED a@1', 'MODIFIED a@3 was 1']);
    expect(brief(all)).toEqual(['ADDED a@1', 'ADDED n@2', 'MODIFIED a@3 was 1', 'DELETED a@4 was 3']);
  });

  test('after reloads the versions in between are told as they were', async () => {
    const backend = new MemoryBackend();
    let now = open();
    const seen: WatchEvent[] = [];
    const steps: ((store: ObjectStore) => void)[] = [
      (store) => store.put('pods', pod('a', { spec: { node: '', deep: { list: [1, 2] } } })),
      (store) => store.put('pods', pod('a', { spec: { node: 'n1', deep: { list: [1, 3] } } })),
      (store) => store.put('pods', pod('b')),
      (store) => store.put('pods', pod('a', { spec: { node: 'n1' } })),
      (store) => store.delete('pods', key('a'), { last: pod('a', { spec: { node: 'last' } }) }),
      (store) => store.put('pods', pod('a', { spec: { node: 'n2' } })),
      (store) => store.put('nodes', pod('n', { namespace: '' })),
      (store) => store.delete('pods', key('b')),
    ];
    const watched = (opened: ReturnType<typeof open>) => {
      opened.store.watch('*', (event) => seen.push(event));
      return opened;
    };
    watched(now);
    for (const [i, step] of steps.entries()) {
      step(now.store);
      if (i % 3 !== 1) now = watched(await reopen(now, backend));
    }
    for (let from = 0; from <= steps.length; from++) {
      expect(now.store.changesSince('*', from), `since ${from}`).toMatchObject(seen.slice(from));
      expect(now.store.changesSince('pods', from)).toMatchObject(seen.slice(from).filter((event) => event.resource === 'pods'));
    }
  });

  test('too long ago is not guessed', async () => {
    const backend = new MemoryBackend();
    let now = open();
    for (let i = 0; i < 2000; i++) {
      clock.now = (i * 100) as Time;
      now.store.put('pods', pod(`p${i % 10}`, { spec: { node: String(i) } }));
      if (i % 700 === 0) now = await reopen(now, backend);
    }
    now = await reopen(now, backend);
    expect(now.store.changesSince('*', 1)).toBeUndefined();
    // What the last save brought is there whole: nobody could poll for it before.
    expect(now.store.changesSince('*', 1400)).toBeUndefined();
    const known = now.store.changesSince('*', 1401);
    expect(known).toHaveLength(599);
    expect((known?.[0]?.object as Pod | undefined)?.spec?.node).toBe('1401');
    expect(known?.[0]?.at).toBe(140_100);
    clock.now = (clock.now + 60_000) as Time;
    now.store.put('pods', pod('later'));
    now = await reopen(now, backend);
    expect(now.store.changesSince('*', 1700)).toBeUndefined();
    expect(now.store.changesSince('*', 1701)).toHaveLength(300);
  });

  test('a burst is kept whole for a while, so that nobody who polls is outrun', async () => {
    const backend = new MemoryBackend();
    clock.now = 0 as Time;
    const first = open();
    for (let i = 0; i < 1500; i++) first.store.put('pods', pod(`p${i}`));
    const second = await reopen(first, backend);
    expect(second.store.changesSince('*', 0)).toHaveLength(1500);
    clock.now = 11_000 as Time;
    second.store.put('pods', pod('late'));
    const third = await reopen(second, backend);
    expect(third.document.section('/history/').keys()).toHaveLength(300);
  });
});

test('objects of a dump keep their resourceVersion, and the counter goes on above them', () => {
  const { store } = open();
  const seen: WatchEvent[] = [];
  store.watch('pods', (event) => seen.push(event));
  store.adopt('pods', { ...pod('old'), metadata: { name: 'old', namespace: 'default', resourceVersion: '4711' } });
  store.adopt('pods', pod('older'));
  expect(store.get('pods', key('old'))?.metadata.resourceVersion).toBe('4711');
  expect(store.put('pods', pod('new')).metadata.resourceVersion).toBe('4713');
  expect(seen.map((event) => event.type)).toEqual(['ADDED', 'ADDED', 'ADDED']);
  expect(store.changesSince('*', 4700)).toBeUndefined();
  expect(store.changesSince('*', 4712)).toHaveLength(1);
});

test('what is kept as text is told as any other: read, listed, found by index, watched, over saves and reloads', async () => {
  const step = fc.oneof(
    fc.record({ act: fc.constantFrom('put', 'delete', 'get'), name: fc.constantFrom('a', 'a.1', 'a.2', 'a.b.1', 'b') }),
    fc.record({ act: fc.constantFrom('save', 'reopen', 'list', 'list of a', 'ask in vain') }),
  );
  const run = async (resource: string, steps: readonly { readonly act: string; readonly name?: string }[]) => {
    const backend = new MemoryBackend();
    let opened = open();
    const seen: unknown[] = [];
    const watch = () =>
      opened.store.watch(resource, ({ type, object, old }) => seen.push([type, object.metadata.resourceVersion, old?.metadata.resourceVersion]));
    watch();
    for (const [i, { act, name = '' }] of steps.entries()) {
      const { store, document } = opened;
      if (act === 'put') store.put(resource, pod(name, { owner: i % 2 === 0 ? 'x' : 'y', spec: { deep: { list: [i] } } }));
      else if (act === 'delete' && store.get(resource, key(name)) !== undefined) store.delete(resource, key(name));
      else if (act === 'get') seen.push(structuredClone(store.get(resource, key(name))));
      else if (act === 'list') seen.push(names(store.list(resource)), names(store.list(resource, { index: { name: 'owner', value: 'x' } })));
      else if (act === 'list of a') {
        const found = names(store.list(resource, { namespace: 'default', nameStem: 'a' }));
        seen.push(found);
        if (i % 2 === 0) expect(found).toEqual(names(store.list(resource)).filter((one = '') => /^a\.[^.]*$/.test(one)));
      } else if (act === 'ask in vain') for (let none = 0; none < 60; none++) store.get(resource, key(`none-${none}`));
      else if (act === 'save') {
        store.save();
        document.rebase(await backend.save(await backend.load(), document.changes()));
      } else if (act === 'reopen') {
        opened = await reopen(opened, backend);
        watch();
      }
      seen.push(
        opened.store.changesSince(resource, Math.max(0, opened.store.revision - 5))?.map(({ type, object, old }) => structuredClone([type, object, old])),
      );
    }
    return seen;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      expect(await run('events', steps)).toEqual(await run('pods', steps));
    }),
    { numRuns: 200 },
  );
});

test('many new objects are listed and found by what their names begin with, before and after they are saved', async () => {
  const backend = new MemoryBackend();
  const { store, document } = open();
  store.put('events', pod('web.0'));
  expect(store.list('events')).toHaveLength(1);
  for (let round = 1; round <= 3; round++) {
    for (const turn of [2 * round - 1, 2 * round]) for (let i = 0; i < 300; i++) store.put('events', pod(`p${i}.${turn}`));
    const about = (nameStem: string) => names(store.list('events', { namespace: 'default', nameStem }));
    expect(about('p7')).toEqual(Array.from({ length: 2 * round }, (_, i) => `p7.${i + 1}`));
    if (round === 2) {
      store.delete('events', key('p8.4'));
      expect(about('p8')).toEqual(['p8.1', 'p8.2', 'p8.3']);
      expect(store.list('events')).toHaveLength(1200);
    }
    store.save();
    document.rebase(await backend.save(await backend.load(), document.changes()));
  }
  expect(store.list('events')).toHaveLength(1800);
});

test('a value set to what it was is not saved again', async () => {
  const backend = new MemoryBackend();
  const saved = await backend.save(undefined, new Map([['/state/a', '{"x":1}']]));
  const document = new Document(saved);
  const state = document.map('/state/');
  state.set('a', { x: 1 });
  state.set('b', 2);
  state.delete('b');
  const changes = () => {
    const found = document.changes();
    return [...found.keys()].map((key) => [key, found.get(key)]);
  };
  expect(changes()).toEqual([]);
  state.set('b/c', 3);
  expect(state.keys()).toEqual(['a', 'b/c']);
  expect(state.keys('b/')).toEqual(['b/c']);
  expect(changes()).toEqual([['/state/b/c', '3']]);
});

test('after many vain questions, what is there is still found, changed and deleted', async () => {
  const backend = new MemoryBackend();
  const first = open();
  for (let i = 0; i < 300; i++) first.store.put('pods', pod(`p${i}`));
  const second = await reopen(first, backend);
  expect(second.store.get('pods', key('p7'))).toBeDefined();
  for (let i = 0; i < 100; i++) expect(second.store.get('pods', key(`none${i}`))).toBeUndefined();
  expect(() => second.store.put('pods', pod('p8'), 0)).toThrow('already exists');
  second.store.put('pods', pod('none3'), 0);
  second.store.delete('pods', key('p9'));
  expect(second.store.get('pods', key('p9'))).toBeUndefined();
  second.store.put('pods', pod('p10', { spec: { node: 'n' } }));
  const third = await reopen(second, backend);
  for (const { store } of [second, third]) {
    expect(store.count('pods')).toBe(300);
    for (let i = 0; i < 300; i++) expect(store.get('pods', key(`p${i}`)) === undefined, `p${i}`).toBe(i === 9);
    expect(store.get<Pod>('pods', key('p10'))?.spec?.node).toBe('n');
    expect(names(store.list('pods', { namespace: 'default' })).filter((one = '') => one.startsWith('none'))).toEqual(['none3']);
  }
});

test('changes are told in any order, each as it is', () => {
  const document = new Document();
  for (const prefix of ['/state/', '/alarms/', '/registry/pods/']) for (const name of ['b', 'a', 'c']) document.map(prefix).set(name, prefix + name);
  document.map('/registry/pods/').delete('b');
  const changes = document.changes();
  const keys = [...changes.keys()];
  expect(keys).toEqual(['/alarms/a', '/alarms/b', '/alarms/c', '/registry/pods/a', '/registry/pods/b', '/registry/pods/c', '/state/a', '/state/b', '/state/c']);
  for (const order of [keys, [...keys].reverse(), ['/state/a', '/alarms/a', '/state/a']])
    for (const asked of order) {
      expect(changes.has(asked)).toBe(true);
      expect(changes.get(asked)).toBe(asked === '/registry/pods/b' ? undefined : JSON.stringify(asked));
    }
  expect(changes.has('/state/d')).toBe(false);
  expect(changes.get('')).toBeUndefined();
});

test('a damaged entry is named', () => {
  const document = new Document({ version: '1', entries: { keys: () => ['/registry/pods/default/a'], get: () => '{"kind":' } });
  expect(() => document.section('/registry/pods/').get('default/a')).toThrow('the entry /registry/pods/default/a is not valid JSON');
});
