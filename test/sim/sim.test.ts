import { describe, expect, test } from 'vitest';
import { failure } from '../../src/api/errors.js';
import type { KubeObject, ObjectKey } from '../../src/api/object.js';
import { keyOf } from '../../src/api/object.js';
import type { Context, Reconciler, Result, StateMap } from '../../src/api/reconciler.js';
import { milliseconds, type Time } from '../../src/api/time.js';
import type { Api, WatchEvent } from '../../src/api/verbs.js';
import { Sim } from '../../src/sim/sim.js';

const at = (n: number): Time => n as Time;
const key = (name: string): ObjectKey => ({ namespace: 'd', name });

function stateMap(values = new Map<string, unknown>()): StateMap {
  return {
    get: <T>(name: string) => values.get(name) as T | undefined,
    set: (name, value) => void values.set(name, JSON.parse(JSON.stringify(value))),
    delete: (name) => void values.delete(name),
    keys: (prefix = '') => [...values.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}

/** A simulation of reconcilers given as functions; `change(name)` is a change of an object in the store. */
function simulate(reconcilers: Record<string, (key: ObjectKey, context: Context) => Result | undefined>, options: { readonly after?: number } = {}) {
  let notify: (event: WatchEvent) => void = () => {};
  const api = {
    watch: (_: string, onEvent: (event: WatchEvent) => void) => {
      notify = onEvent;
    },
  } as unknown as Api;
  const log: string[] = [];
  const saved = stateMap();
  const list: Reconciler[] = Object.entries(reconcilers).map(([name, reconcile]) => ({
    name,
    watches: [{ resource: 'pods', keys: (event) => [keyOf(event.object)], ...(options.after === undefined ? {} : { after: milliseconds(options.after) }) }],
    reconcile: (which, context) => {
      log.push(`${context.now} ${name} ${which.name}`);
      return reconcile(which, context);
    },
  }));
  const refused: string[] = [];
  const make = (state = { now: at(0), seed: 1, draws: {}, seq: 0 }) => {
    const sim = new Sim(
      state,
      saved,
      api,
      () => {},
      (reconciler, which, error) => refused.push(`${reconciler} ${which.name}: ${error.message}`),
    );
    sim.setReconcilers(list);
    return sim;
  };
  let sim = make();
  return {
    log,
    saved,
    refused,
    get sim() {
      return sim;
    },
    change: (name: string) =>
      notify({ type: 'MODIFIED', resource: 'pods', object: { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'd' } } as KubeObject }),
    reload: () => {
      sim = make(JSON.parse(JSON.stringify(sim.save())));
    },
  };
}
const idle = () => undefined;

interface Case {
  readonly name: string;
  readonly run: (world: ReturnType<typeof simulate>) => void;
  readonly reconcile?: (key: ObjectKey, context: Context) => Result | undefined;
  readonly after?: number;
  readonly log: readonly string[];
  readonly nextDue?: number | undefined;
}

const cases: readonly Case[] = [
  {
    name: 'alarms ring at their own times, in order of time',
    run: ({ sim }) => {
      sim.wake('a', key('late'), at(30));
      sim.wake('a', key('early'), at(10));
      sim.wake('a', key('never'), at(41));
      sim.advanceTo(at(40));
    },
    log: ['10 a early', '30 a late'],
    nextDue: 41,
  },
  {
    name: 'at the same instant they ring in the order they were set',
    run: ({ sim }) => {
      for (const name of ['x', 'b', 'm', 'a']) sim.wake('a', key(name), at(10));
      sim.advanceTo(at(10));
    },
    log: ['10 a x', '10 a b', '10 a m', '10 a a'],
  },
  {
    name: 'one alarm per pair: an earlier one replaces a later one and goes to the end of its instant',
    run: ({ sim }) => {
      sim.wake('a', key('x'), at(20));
      sim.wake('a', key('y'), at(10));
      sim.wake('a', key('x'), at(10));
      sim.advanceTo(at(100));
    },
    log: ['10 a y', '10 a x'],
  },
  {
    name: 'a later one does not replace an earlier one',
    run: ({ sim }) => {
      sim.wake('a', key('x'), at(10));
      sim.wake('a', key('x'), at(20));
      sim.advanceTo(at(100));
    },
    log: ['10 a x'],
  },
  {
    name: 'requeueAfter counts from the reconcile',
    run: ({ sim }) => {
      sim.wake('a', key('x'), at(5));
      sim.advanceTo(at(16));
    },
    reconcile: () => ({ requeueAfter: milliseconds(5) }),
    log: ['5 a x', '10 a x', '15 a x'],
    nextDue: 20,
  },
  {
    name: 'a requeue into the past is one at this instant; a fraction is rounded up; never is never',
    run: ({ sim }) => {
      sim.wake('a', key('past'), at(1));
      sim.wake('a', key('part'), at(2));
      sim.wake('a', key('never'), at(3));
      sim.advanceTo(at(4));
    },
    reconcile: ((seen: Set<string>) => (which: ObjectKey) => {
      if (seen.has(which.name)) return undefined;
      seen.add(which.name);
      return { requeueAfter: milliseconds({ past: -5, part: 0.2, never: Number.POSITIVE_INFINITY }[which.name] as number) };
    })(new Set()),
    log: ['1 a past', '1 a past', '2 a part', '3 a never', '3 a part'],
  },
  {
    name: 'a change wakes its key now',
    run: ({ sim, change }) => {
      sim.advanceTo(at(7));
      change('x');
      change('x');
      sim.settle();
    },
    log: ['7 a x'],
  },
  {
    name: 'changes within Watch.after coalesce into one reconcile',
    after: 10,
    run: ({ sim, change }) => {
      change('x');
      sim.advanceTo(at(6));
      change('x');
      sim.advanceTo(at(12));
      change('x');
      sim.advanceTo(at(100));
    },
    log: ['10 a x', '22 a x'],
  },
  {
    name: 'Context.requeue wakes other keys of the same reconciler',
    run: ({ sim }) => {
      sim.wake('a', key('x'), at(1));
      sim.advanceTo(at(10));
    },
    reconcile: (which, context) => {
      if (which.name === 'x') {
        context.requeue(key('z'), milliseconds(5));
        context.requeue(key('y'), milliseconds(0));
      }
      return undefined;
    },
    log: ['1 a x', '1 a y', '6 a z'],
  },
  {
    name: 'time does not go back',
    run: ({ sim }) => {
      sim.advanceTo(at(10));
      sim.advanceTo(at(3));
      sim.wake('a', key('x'), at(1));
      sim.settle();
    },
    log: ['10 a x'],
  },
  {
    name: 'an alarm for somebody who is gone is dropped',
    run: ({ sim }) => {
      sim.wake('gone', key('x'), at(1));
      sim.advanceTo(at(2));
    },
    log: [],
  },
];

describe('the loop', () => {
  for (const { name, run, reconcile, after, log, nextDue } of cases) {
    test(name, () => {
      const world = simulate({ a: reconcile ?? idle }, after === undefined ? {} : { after });
      run(world);
      expect(world.log).toEqual(log);
      expect(world.sim.nextDue()).toBe(nextDue);
    });
  }

  test('reconcilers are woken by a change in the order of their list', () => {
    const world = simulate({ b: idle, a: idle });
    world.change('x');
    world.sim.settle();
    expect(world.log).toEqual(['0 b x', '0 a x']);
  });

  test('a watch may ask to see only its own changes', () => {
    const world = simulate({});
    const asked: string[] = [];
    const of = ({ object }: WatchEvent) => [object.metadata.name as string, 'both'];
    const watcher = (name: string, value: string): Reconciler => ({
      name,
      watches: [
        {
          resource: 'pods',
          only: { of, value },
          keys: (event) => {
            asked.push(`${name} ${event.object.metadata.name}`);
            return [keyOf(event.object)];
          },
        },
      ],
      reconcile: (which, { now }) => void world.log.push(`${now} ${name} ${which.name}`) as undefined,
    });
    world.sim.setReconcilers([watcher('x', 'x'), watcher('y', 'y'), watcher('both', 'both')]);
    world.change('y');
    world.change('z');
    world.sim.settle();
    expect(asked).toEqual(['y y', 'both y', 'both z']);
    expect(world.log).toEqual(['0 y y', '0 both y', '0 both z']);
  });

  test('a reconciler that goes round in circles is named', () => {
    const world = simulate({ good: idle, 'kubelet/n1': () => ({ requeueAfter: milliseconds(0) }) });
    world.change('x');
    expect(() => world.sim.settle()).toThrow('livelock: kubelet/n1 was woken 1000 times for d/x at 1970-01-01T00:00:00Z');
  });

  test.each(['Forbidden', 'InternalError', 'Invalid'] as const)('who is refused (%s) looks again half a minute later, and it is told', (reason) => {
    const world = simulate({
      a: (_, { now }) => {
        if (now === at(1)) throw failure(422, reason, 'no', {});
        return undefined;
      },
    });
    world.sim.wake('a', key('x'), at(1));
    world.sim.advanceTo(at(60_000));
    expect(world.log).toEqual(['1 a x', '30001 a x']);
    expect(world.refused).toEqual(['a x: no']);
  });

  test('any other answer that a reconciler does not expect is a mistake of ours', () => {
    const world = simulate({
      a: () => {
        throw failure(409, 'Conflict', 'it has changed', {});
      },
    });
    world.sim.wake('a', key('x'), at(1));
    expect(() => world.sim.advanceTo(at(1))).toThrow('it has changed');
  });

  test('a thousand reconciles over time are no livelock', () => {
    const world = simulate({ a: () => ({ requeueAfter: milliseconds(1) }) });
    world.change('x');
    world.sim.advanceTo(at(5000));
    expect(world.sim.steps).toBe(5001);
  });

  test('nor are a thousand things that somebody does at one instant', () => {
    const world = simulate({ a: idle });
    for (let i = 0; i < 1500; i++) {
      world.change('x');
      world.sim.settle();
    }
    expect(world.sim.steps).toBe(1500);
  });

  test('saved and loaded at any moment it goes on the same', () => {
    const story = (cuts: number) => {
      const world = simulate({
        a: (_, context) => ({ requeueAfter: milliseconds(1 + Math.floor(context.random('a') * 20)) }),
        b: (which, context) => {
          context.requeue(key(`${which.name.slice(0, 1)}${Math.floor(context.random('b') * 5)}`), milliseconds(3));
          return undefined;
        },
      });
      for (const name of ['x', 'y', 'z']) world.change(name);
      for (let i = 1; i <= cuts; i++) {
        world.sim.advanceTo(at((500 * i) / cuts));
        world.reload();
      }
      const state = world.sim.save();
      return { log: world.log, state, alarms: world.saved.keys().map((name) => [name, world.saved.get(name)]), pending: world.sim.pending() };
    };
    const whole = story(1);
    expect(whole.log.length).toBeGreaterThan(200);
    expect(whole.pending[0]?.due).toBeGreaterThan(500);
    for (const cuts of [4, 100, 500]) expect(story(cuts)).toEqual(whole);
  });
});

test('who rings while many others are forgotten keeps the one alarm it has', () => {
  const { sim, saved } = simulate({ often: () => ({ requeueAfter: milliseconds(1) }), once: idle });
  for (let i = 0; i < 5000; i++) sim.wake('once', key(`k${i}`), at(i % 2));
  sim.wake('often', key('a'), at(0));
  sim.advanceTo(at(5));
  sim.wake('often', key('a'), at(9));
  expect(sim.pending().map(({ due, reconciler }) => `${due} ${reconciler}`)).toEqual(['6 often']);
  sim.save();
  expect(saved.keys()).toEqual(['often d/a']);
});

test('an alarm set anew for a time it once had rings once, behind those that were set meanwhile', () => {
  const rung: string[] = [];
  const { sim } = simulate({ a: (_, { now }) => void rung.push(`a ${now}`), b: (_, { now }) => void rung.push(`b ${now}`) });
  sim.wake('a', key('x'), at(5));
  sim.wake('a', key('x'), at(1));
  sim.wake('b', key('x'), at(3));
  sim.wake('b', key('y'), at(5));
  sim.advanceTo(at(1));
  sim.wake('a', key('x'), at(5));
  expect(sim.pending().map(({ due, reconciler }) => `${reconciler} ${due}`)).toEqual(['b 3', 'b 5', 'a 5']);
  sim.advanceTo(at(9));
  expect(rung).toEqual(['a 1', 'b 3', 'b 5', 'a 5']);
});

test('10,000 alarms cost little', () => {
  const world = simulate({ a: (_, context) => (context.now < 1000 ? { requeueAfter: milliseconds(100) } : undefined) });
  const begin = performance.now();
  for (let i = 0; i < 10_000; i++) world.sim.wake('a', key(`p${i}`), at(1 + (i % 97)));
  world.log.length = 0;
  world.sim.advanceTo(at(2000));
  expect(world.sim.steps).toBeGreaterThan(100_000);
  expect(performance.now() - begin).toBeLessThan(5000);
});
