import { describe, expect, test } from 'vitest';
import type { Time } from '../../src/api/time.js';
import { running } from '../../src/cluster/clock.js';
import { NoCluster, Turn } from '../../src/cluster/turn.js';
import { type Backend, Conflict } from '../../src/store/backend/backend.js';
import { MemoryBackend } from '../../src/store/backend/memory.js';
import { components, pods, put, thing, thinTurn } from './thin.js';

const set = (replicas: number) => thing('ReplicaSet', 'web', { spec: { replicas } });
const advance = (turn: Turn, span: number) => turn.write((cluster) => cluster.advanceTo((cluster.now + span) as Time));
const phases = async (turn: Turn) => (await pods(turn)).map((line) => line.split(' ')[2]);
async function versions(backend: Backend): Promise<string | undefined> {
  return (await backend.load())?.version;
}

describe('a turn', () => {
  test('makes the cluster when there is none, if it may', async () => {
    expect(await pods(thinTurn(new MemoryBackend()))).toEqual([]);
    const turn = new Turn({ backend: new MemoryBackend(), open: () => expect.unreachable(), components: async () => components });
    await expect(turn.read(() => 1)).rejects.toThrow(NoCluster);
  });

  test('is saved before it is answered, with all that follows at once', async () => {
    const backend = new MemoryBackend();
    await put(thinTurn(backend), set(3));
    const next = thinTurn(backend);
    expect((await pods(next)).map((line) => line.replace(/^web-\S+ podsim-\S+/, 'web'))).toEqual(['web Pending', 'web Pending', 'web Pending']);
    await advance(next, 10_000);
    expect(await phases(thinTurn(backend))).toEqual(['Running', 'Running', 'Running']);
  });

  test('leaves the rest of a great deal to the next one', async () => {
    const backend = new MemoryBackend();
    const scheduled = async () => {
      const entries = (await backend.load())?.entries;
      return entries?.keys('/registry/pods/').filter((key) => entries.get(key)?.includes('"node":')).length;
    };
    await put(thinTurn(backend), set(1500));
    expect(await scheduled()).toBeGreaterThan(0);
    expect(await scheduled()).toBeLessThan(1500);
    expect(await pods(thinTurn(backend))).toHaveLength(1500);
    expect(await scheduled()).toBe(1500);
  });

  test('that reads with nothing due loads no components and saves nothing', async () => {
    const backend = new MemoryBackend();
    const clock = running(1, 0 as Time, 0);
    await put(thinTurn(backend, { clock, machine: () => 0 }), set(1));
    const before = await versions(backend);
    let loads = 0;
    const early = thinTurn(backend, { machine: () => 5, loaded: () => loads++ });
    expect(await phases(early)).toEqual(['Pending']);
    expect(early.now()).toBe(5);
    expect([loads, await versions(backend)]).toEqual([0, before]);
    // The pull ends: the read finds the pod running. So little is not saved: whoever comes next finds the same.
    const late = thinTurn(backend, { machine: () => 9000, loaded: () => loads++ });
    expect(await phases(late)).toEqual(['Running']);
    expect(loads).toBeGreaterThan(0);
    expect(await versions(backend)).toBe(before);
    const found = await late.read((cluster) => cluster.store.list('pods')[0]);
    expect(found).toMatchObject({ status: { since: expect.any(Number) } });
    expect(await thinTurn(backend, { machine: () => 9000 }).read((cluster) => cluster.store.list('pods')[0])).toEqual(found);
    expect(await late.read((cluster) => (cluster.store.list('pods')[0] as { status?: { since: number } }).status?.since)).toBeLessThan(5000);
  });

  test('that reads when much is due saves what came of it', async () => {
    const backend = new MemoryBackend();
    await put(thinTurn(backend, { clock: running(1, 0 as Time, 0), machine: () => 0 }), set(200));
    const before = await versions(backend);
    expect(new Set(await phases(thinTurn(backend, { machine: () => 60_000 })))).toEqual(new Set(['Running']));
    expect(await versions(backend)).not.toBe(before);
  });

  test('of which half failed leaves nothing behind', async () => {
    const backend = new MemoryBackend();
    const turn = thinTurn(backend);
    await put(turn, set(1));
    const before = await versions(backend);
    await expect(
      turn.write((cluster) => {
        cluster.store.put('pods', thing('Pod', 'half'));
        throw new Error('a bug');
      }),
    ).rejects.toThrow('a bug');
    expect(await versions(backend)).toBe(before);
    expect((await pods(turn)).filter((line) => line.startsWith('half'))).toEqual([]);
  });

  test('runs again when somebody saved first', async () => {
    const backend = new MemoryBackend();
    await put(thinTurn(backend), set(1));
    let conflicts = 2;
    const unlucky: Backend = {
      load: () => backend.load(),
      hold: (work) => backend.hold(work),
      remove: () => backend.remove(),
      servedAt: () => backend.servedAt(),
      changed: (known, span, signal) => backend.changed(known, span, signal),
      save: async (base, changes) => {
        if (conflicts-- > 0) throw new Conflict('somebody else saved first');
        return backend.save(base, changes);
      },
    };
    const turn = thinTurn(unlucky);
    await put(turn, set(3));
    expect(conflicts).toBe(-1);
    expect(await pods(turn)).toHaveLength(3);
  });

  test('sees what other processes saved', async () => {
    const backend = new MemoryBackend();
    const [one, two] = [thinTurn(backend), thinTurn(backend)];
    await put(one, set(1));
    await put(two, set(2));
    await advance(one, 10);
    expect(await pods(one)).toEqual(await pods(two));
    expect(await pods(one)).toHaveLength(2);
  });

  test('never goes back in time, whatever the machine says', async () => {
    const backend = new MemoryBackend();
    let machine = 5000;
    const turn = thinTurn(backend, { clock: running(1, 0 as Time, 0), machine: () => machine });
    await put(turn, set(1));
    machine = 1000;
    await put(turn, set(2));
    expect(turn.now()).toBe(5000);
  });

  test('at N times the speed N seconds pass in one', async () => {
    let machine = 0;
    const turn = thinTurn(new MemoryBackend(), { clock: running(60, 0 as Time, 0), machine: () => machine });
    await put(turn, set(1));
    machine = 1000;
    expect(await phases(turn)).toEqual(['Running']);
    expect(turn.now()).toBe(60_000);
  });
});

describe('waiting', () => {
  const follow = async (
    turn: Turn,
    path: string,
    onEvent: (event: { type: string; object: { metadata: { name: string } } }) => boolean | Promise<boolean>,
    signal?: AbortSignal,
  ) => {
    const { body } = await turn.transport({ method: 'GET', path, headers: {}, ...(signal === undefined ? {} : { signal }) });
    for await (const event of body as AsyncIterable<{ type: string; object: { metadata: { name: string } } }>) if (await onEvent(event)) break;
  };
  const isRunning = (event: unknown) => (event as { object: { status?: { phase: string } } }).object.status?.phase === 'Running';

  test('with an end moves a paused clock from event to event, no further than needed', async () => {
    const backend = new MemoryBackend();
    const turn = thinTurn(backend);
    await put(turn, set(1));
    await follow(turn, '/pods?watch=0&until=600000', isRunning);
    const since = await turn.read((cluster) => (cluster.store.list('pods')[0] as { status?: { since: number } }).status?.since);
    expect(turn.now()).toBe(since);
    expect(turn.now()).toBeLessThan(5000);
    expect(await thinTurn(backend).read((cluster) => cluster.now)).toBe(since);
  });

  test('with an end that is never met ends at its time, at once', async () => {
    const turn = thinTurn(new MemoryBackend());
    await put(turn, set(1));
    const begin = performance.now();
    await follow(turn, '/pods?watch=0&until=600000', () => false);
    expect(turn.now()).toBe(600_000);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  test('without an end leaves a paused clock alone and follows others', async () => {
    const backend = new MemoryBackend();
    const [watcher, other] = [thinTurn(backend), thinTurn(backend)];
    await put(other, set(1));
    const seen: string[] = [];
    const watching = follow(watcher, '/pods?watch=0', (event) => {
      seen.push(event.type);
      return isRunning(event);
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toEqual(['ADDED', 'MODIFIED']);
    expect(watcher.now()).toBe(0);
    await advance(other, 10_000);
    await watching;
    // The versions in between were seen, not only the last one.
    expect(seen).toEqual(['ADDED', 'MODIFIED', 'MODIFIED']);
  });

  test.each(['a running', 'a paused'])('without an end hears on %s clock what others here change, however busy they are', async (clock) => {
    const turn = thinTurn(new MemoryBackend(), clock === 'a paused' ? {} : { clock: running(1, 0 as Time, Date.now()) });
    await put(turn, set(0));
    const seen: string[] = [];
    const watching = follow(turn, '/pods?watch=0', (event) => {
      seen.push(event.type);
      return true;
    });
    let isOver = false;
    // Somebody is always in the middle of a request.
    const busy = [0, 1].map(async () => {
      while (!isOver) await turn.write(() => new Promise((resolve) => setTimeout(resolve, 3)));
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await turn.write((cluster) => cluster.store.put('pods', thing('Pod', 'one')));
    await watching;
    isOver = true;
    await Promise.all(busy);
    expect(seen).toEqual(['ADDED']);
  });

  test("without an end hears what became due at somebody else's read", async () => {
    let now = 0;
    const turn = thinTurn(new MemoryBackend(), { clock: running(1, 0 as Time, 0), machine: () => now });
    await put(turn, set(1));
    const watching = follow(turn, '/pods?watch=0', isRunning);
    await new Promise((resolve) => setTimeout(resolve, 20));
    // The machine's clock says it all at once: the follower's own sleep is still going on.
    now = 9000;
    expect(await phases(turn)).toEqual(['Running']);
    await Promise.race([watching, new Promise((_, reject) => setTimeout(() => reject(new Error('not told')), 1000))]);
  });

  test('lets everybody act before time goes on', async () => {
    const turn = thinTurn(new MemoryBackend());
    await put(turn, set(2));
    const times: number[] = [];
    await follow(turn, '/pods?watch=0&until=100000', async (event) => {
      if (!isRunning(event)) return false;
      const before = turn.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      await pods(turn);
      times.push(before);
      expect(turn.now()).toBe(before);
      return times.length === 2;
    });
    expect(times[0]).toBeLessThan(times[1] as number);
  });

  test('sleeping moves a paused clock, and stops when told', async () => {
    const turn = thinTurn(new MemoryBackend());
    await put(turn, set(1));
    await turn.sleep(1234);
    expect(turn.now()).toBe(1234);
    expect(await phases(turn)).toEqual(['Pending']);
    const abort = new AbortController();
    // A watch without an end and a sleeper: the watch's condition ends the sleep before its time.
    const watching = follow(turn, '/pods?watch=0', isRunning).then(() => abort.abort());
    await turn.sleep(60_000, abort.signal);
    await watching;
    expect(turn.now()).toBeLessThan(5000);
    expect(await phases(turn)).toEqual(['Running']);
  });

  test('on a real clock sleeps until something is due', async () => {
    const begin = Date.now();
    const turn = thinTurn(new MemoryBackend(), { clock: running(20, 0 as Time, begin) });
    await put(turn, set(1));
    await follow(turn, '/pods?watch=0&until=100000', isRunning);
    const since = await turn.read((cluster) => (cluster.store.list('pods')[0] as { status?: { since: number } }).status?.since as number);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(Math.floor(since / 20));
    expect(turn.now()).toBeGreaterThanOrEqual(since);
  });

  test('ends when the client goes', async () => {
    const turn = thinTurn(new MemoryBackend());
    await put(turn, set(1));
    const abort = new AbortController();
    const watching = follow(turn, '/pods?watch=0', () => false, abort.signal);
    setTimeout(() => abort.abort(), 30);
    await watching;
    await follow(turn, '/pods?watch=0', () => true);
  });
});

describe('a session', () => {
  const open = async (turn: Turn) => {
    await put(turn, set(0));
    const { session } = await turn.transport({ method: 'GET', path: '/session', headers: {} });
    if (session === undefined) throw new Error('no session');
    const frames = session.frames[Symbol.asyncIterator]();
    return {
      say: (text: string) => session.send(0, new TextEncoder().encode(text)),
      close: () => session.close(0),
      hear: async () => {
        const { value, done } = await frames.next();
        return done ? undefined : new TextDecoder().decode(value.data);
      },
      hangUp: () => frames.return?.(undefined),
    };
  };

  test('passes input and output to and fro, and ends', async () => {
    const { say, hear, close } = await open(thinTurn(new MemoryBackend()));
    say('hello');
    expect(await hear()).toBe('hello');
    const heard = hear();
    say('again');
    say('and again');
    expect(await heard).toBe('again');
    expect(await hear()).toBe('and');
    close();
    expect(await hear()).toBe('exit');
    expect(await hear()).toBeUndefined();
  });

  test('moves a paused clock while it works, and not while it waits for input', async () => {
    const turn = thinTurn(new MemoryBackend());
    const { say, hear } = await open(turn);
    say('sleep 5000');
    expect(await hear()).toBe('sleep');
    expect(turn.now()).toBe(5000);
    await put(turn, set(1));
    const heard = hear();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(turn.now()).toBe(5000);
    say('exit');
    expect(await heard).toBe('exit');
    expect(turn.now()).toBe(5000);
  });

  test('is ended on the server when the client hangs up', async () => {
    const turn = thinTurn(new MemoryBackend());
    const { say, hear, hangUp } = await open(turn);
    say('hello');
    await hear();
    await hangUp();
    expect(await turn.read((cluster) => cluster.state.get('session'))).toBe('gone');
  });

  test('goes on over states that others saved in between', async () => {
    const backend = new MemoryBackend();
    const { say, hear } = await open(thinTurn(backend));
    say('one');
    expect(await hear()).toBe('one');
    const other = thinTurn(backend);
    await put(other, set(2));
    const heard = hear();
    await advance(other, 100);
    say('two');
    expect(await heard).toBe('two');
    expect(await pods(other)).toHaveLength(2);
  });
});

test('a served cluster is kept by one process, which goes on taking turns', async () => {
  const backend = new MemoryBackend();
  const turn = thinTurn(backend);
  const stop = new AbortController();
  const serving = turn.serve('http://127.0.0.1:6443', stop.signal);
  await put(turn, set(2));
  expect(await backend.servedAt()).toBe('http://127.0.0.1:6443');
  expect(await pods(turn)).toHaveLength(2);
  stop.abort();
  await serving;
  expect(await backend.servedAt()).toBeUndefined();
  await put(thinTurn(backend), set(1));
});

test('requests that come together to a served cluster share one save; only whose fault it is fails', async () => {
  const backend = new MemoryBackend();
  let saves = 0;
  const save = backend.save.bind(backend);
  backend.save = (...all) => {
    saves++;
    return save(...all);
  };
  const turn = thinTurn(backend);
  await put(turn, set(0));
  const end = new AbortController();
  const held = new Promise<void>((resolve) => void turn.serve('http://here', end.signal, async () => resolve()).catch(() => {}));
  await held;
  saves = 0;
  const answers = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) =>
      turn.write((cluster) => {
        if (i === 3) throw new Error('a bug');
        return cluster.store.put('pods', thing('Pod', `p${i}`)).metadata.name;
      }),
    ),
  );
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : String(answer.reason)))).toEqual(
    Array.from({ length: 10 }, (_, i) => (i === 3 ? 'Error: a bug' : `p${i}`)),
  );
  expect(await turn.read((cluster) => cluster.store.list('pods').length)).toBe(9);
  saves = 0;
  await Promise.all(Array.from({ length: 10 }, (_, i) => turn.write((cluster) => cluster.store.put('pods', thing('Pod', `q${i}`)))));
  expect(saves).toBe(1);
  end.abort();
});
