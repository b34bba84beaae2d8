/** What every backend must do. */
import { expect, test } from 'vitest';
import { type Backend, type Changes, Conflict, HEADER, Served } from '../../src/store/backend/backend.js';

/** `open` opens the same place as another process would; `fresh` makes a new, empty place. */
export function backendContract(name: string, fresh: () => { open(): Backend }, options: { readonly shared: boolean }): void {
  const set = (values: Record<string, unknown>): Changes =>
    new Map(Object.entries(values).map(([key, value]) => [key, value === undefined ? undefined : JSON.stringify(value)]));

  test(`${name}: nothing is there at first`, async () => {
    expect(await fresh().open().load()).toBeUndefined();
  });

  test(`${name}: what is saved is loaded, keys in byte order`, async () => {
    const backend = fresh().open();
    const values = {
      '/registry/pods/default/b': { b: 1 },
      [HEADER]: { now: 1 },
      '/registry/pods/default/a': { text: 'ü"\\\n\u2028' },
      '/alarms/kubelet/n1 a/b': [1, 2],
    };
    await backend.save(undefined, set(values));
    const saved = await backend.load();
    expect(saved?.entries.keys('')).toEqual(['/alarms/kubelet/n1 a/b', HEADER, '/registry/pods/default/a', '/registry/pods/default/b']);
    for (const [key, value] of Object.entries(values)) expect(JSON.parse(saved?.entries.get(key) ?? '')).toEqual(value);
    expect(saved?.entries.get('/registry/pods/default/c')).toBeUndefined();
  });

  test(`${name}: changes add, replace and delete; the rest stays`, async () => {
    const backend = fresh().open();
    const first = await backend.save(undefined, set({ a: 1, b: 2, c: 3, z: 26 }));
    const second = await backend.save(first, set({ b: 22, c: undefined, d: 4, nothing: undefined }));
    const loaded = await backend.load();
    for (const saved of [second, loaded]) {
      expect(saved?.entries.keys('').map((key) => [key, saved.entries.get(key)])).toEqual([
        ['a', '1'],
        ['b', '22'],
        ['d', '4'],
        ['z', '26'],
      ]);
    }
    expect(loaded?.version).toBe(second.version);
    expect(first.entries.get('c')).toBe('3');
    const third = await backend.save(second, set({ a: undefined, b: undefined, d: undefined, z: undefined }));
    expect(third.entries.keys('')).toEqual([]);
    expect((await backend.load())?.entries.keys('')).toEqual([]);
  });

  test(`${name}: odd keys come back as they were`, async () => {
    const backend = fresh().open();
    const keys = ['/registry/clusterroles/system:node', '__proto__', 'a"b', 'back\\slash\\', 'ключ', 'end":', ''];
    await backend.save(undefined, new Map(keys.map((key) => [key, JSON.stringify({ key })])));
    const saved = await backend.load();
    expect(saved?.entries.keys('')).toEqual([...keys].sort());
    for (const key of keys) expect(saved?.entries.get(key)).toBe(JSON.stringify({ key }));
  });

  test(`${name}: who is late gets a Conflict and nothing is changed`, async () => {
    const backend = fresh().open();
    const base = await backend.save(undefined, set({ a: 1 }));
    await backend.save(base, set({ a: 2 }));
    await expect(backend.save(base, set({ a: 3 }))).rejects.toThrow(Conflict);
    await expect(backend.save(undefined, set({ a: 4 }))).rejects.toThrow(Conflict);
    expect((await backend.load())?.entries.get('a')).toBe('2');
  });

  test(`${name}: loading answers what is known while it is still true`, async () => {
    const backend = fresh().open();
    const first = await backend.save(undefined, set({ a: 1 }));
    expect(await backend.load(first)).toBe(first);
    await backend.save(first, set({ a: 2 }));
    expect((await backend.load(first))?.entries.get('a')).toBe('2');
  });

  test(`${name}: one holder at a time`, async () => {
    const { open } = fresh();
    const [one, two] = options.shared ? [open(), open()] : [open(), open()];
    const order: string[] = [];
    const work = (who: string) => async () => {
      order.push(`${who} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${who} out`);
      return who;
    };
    expect(await Promise.all([one.hold(work('one')), two.hold(work('two')), one.hold(work('three'))])).toEqual(['one', 'two', 'three']);
    for (let i = 0; i < order.length; i += 2) expect(order[i]?.split(' ')[0]).toBe(order[i + 1]?.split(' ')[0]);
    await expect(
      one.hold(async () => {
        throw new Error('broken');
      }),
    ).rejects.toThrow('broken');
    expect(await two.hold(async () => 'free again')).toBe('free again');
  });

  test(`${name}: increments under a hold lose nothing`, async () => {
    const { open } = fresh();
    const increment = (backend: Backend) =>
      backend.hold(async () => {
        const saved = await backend.load();
        await backend.save(saved, set({ n: Number(saved?.entries.get('n') ?? 0) + 1 }));
      });
    const backends = [open(), open(), open()];
    await Promise.all(Array.from({ length: 30 }, (_, i) => increment(backends[i % 3] as Backend)));
    expect((await (backends[0] as Backend).load())?.entries.get('n')).toBe('30');
  });

  test(`${name}: waiting ends with a change, the time or the signal`, async () => {
    const { open } = fresh();
    const [one, two] = [open(), open()];
    const base = await one.save(undefined, set({ a: 1 }));
    let isOver = false;
    const waiting = one.changed(base, 10_000).then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(isOver).toBe(false);
    const next = await two.save(await two.load(), set({ a: 2 }));
    await waiting;
    await one.changed(next, 30);
    const abort = new AbortController();
    const aborted = one.changed(next, 10_000, abort.signal);
    abort.abort();
    await aborted;
  });

  test(`${name}: a served cluster says where`, async () => {
    const { open } = fresh();
    const [one, two] = [open(), open()];
    expect(await two.servedAt()).toBeUndefined();
    await one.hold(async () => {
      expect(await two.servedAt()).toBe('http://127.0.0.1:6443');
      if (options.shared) await expect(two.hold(async () => 1)).rejects.toThrow(Served);
    }, 'http://127.0.0.1:6443');
    expect(await two.servedAt()).toBeUndefined();
  });
}
