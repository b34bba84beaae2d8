/** `podsim practice` as one uses it, in this process: the clock on the wall is the test's. */
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openCluster } from '../../src/cluster/open.js';
import type { Turn } from '../../src/cluster/turn.js';
import type { IOStreams } from '../../src/kubectl/command.js';
import { commandRunner } from '../../src/podsim/practice/command-runner.js';
import { scenarioOf } from '../../src/podsim/practice/library.js';
import type { Scores, Session } from '../../src/podsim/practice/records.js';
import { play } from '../../src/podsim/practice/scene.js';
import { runPodsim } from '../../src/podsim/program.js';
import { podsimContext } from '../../src/podsim/surroundings.js';
import { FileBackend } from '../../src/store/backend/file.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

interface Learner {
  readonly home: string;
  /** The time on the wall moves on by so many seconds. */
  later(seconds: number): void;
  /** `podsim practice …`: its exit code and all it printed. */
  practice(...argv: readonly string[]): Promise<{ readonly code: number; readonly text: string }>;
  /** Does what the scenario's solution says, in its cluster. */
  solve(id: string): Promise<void>;
  session(): Session;
  scores(): Scores;
  currentContext(): string;
}

function learner(env: Readonly<Record<string, string>> = {}): Learner {
  const home = mkdtempSync(join(tmpdir(), 'podsim-practice-'));
  homes.push(home);
  let now = START;
  const machine = () => now;
  const open = (file: string): Turn => openCluster({ backend: new FileBackend(file), create: {}, machine });
  const read = <T>(name: string) => JSON.parse(readFileSync(join(home, 'practice', name), 'utf8')) as T;
  return {
    home,
    later: (seconds) => {
      now += seconds * 1000;
    },
    async practice(...argv) {
      let text = '';
      const say = (data: string | Uint8Array) => {
        text += data;
      };
      const streams: IOStreams = {
        in: { read: async () => new Uint8Array(), isTTY: false, async *chunks() {} },
        out: say,
        err: say,
        outIsTTY: false,
        columns: undefined,
      };
      const absent = (): never => {
        throw new Error('practice asks for no server');
      };
      const kubectl = { streams, env, cwd: home, transport: absent, structs: absent, now: absent, sleep: absent };
      const surroundings = { streams, env, cwd: home, home, state: undefined, context: '', machine, open, backend: (file: string) => new FileBackend(file) };
      const host = { program: [], onSignal: () => () => undefined, stopped: () => new AbortController().signal, kubectl };
      const code = await runPodsim(['practice', ...argv], podsimContext({ ...surroundings, ...host }));
      return { code, text };
    },
    async solve(id) {
      const file = join(home, 'clusters', `practice-${id}.json`);
      const runner = commandRunner(open(file), machine);
      for (const { step } of scenarioOf(id).solution.steps) await play(runner, step, id);
      // The file's time is the test's too.
      utimesSync(file, now / 1000, now / 1000);
    },
    session: () => read<Session>('session.json'),
    scores: () => read<Scores>('scores.json'),
    currentContext: () => /^current-context: (.*)$/m.exec(readFileSync(join(home, 'config'), 'utf8'))?.[1] ?? '',
  };
}

const QUICK = ['--clock', 'paused', '--seed', '1'];

describe('a scenario', () => {
  test('is solved, and scored once', async () => {
    const me = learner();
    expect((await me.practice('start', 'qos-guaranteed', ...QUICK)).code).toBe(0);
    me.later(90);
    expect((await me.practice('check')).code).toBe(1);
    await me.solve('qos-guaranteed');
    me.later(30);
    const { code, text } = await me.practice('check');
    expect(code).toBe(0);
    expect(text).toContain('Solved. 4 of 4 points\n2m0s of 5m used\n');
    await me.practice('hint');
    await me.practice('solution');
    expect((await me.practice('check')).text).toContain('Solved. 4 of 4 points\n2m0s of 5m used\n');
    expect(me.scores().attempts).toMatchObject([{ id: 'qos-guaranteed', points: 4, of: 4, hints: 0, solutionShown: false, solved: true }]);
  });

  test('counts nothing once its solution was seen', async () => {
    const me = learner();
    await me.practice('start', 'qos-guaranteed', ...QUICK);
    expect((await me.practice('solution')).text).toContain('this try counts 0 points');
    await me.solve('qos-guaranteed');
    expect((await me.practice('check')).text).toContain('Solved. 0 of 4 points (the solution was shown: this try counts 0 points)');
    me.later(5);
    await me.practice('start', 'qos-guaranteed', ...QUICK);
    await me.solve('qos-guaranteed');
    expect((await me.practice('check')).text).toContain('Solved. 4 of 4 points');
    expect(me.scores().attempts.map(({ points }) => points)).toEqual([0, 4]);
  });

  test('gives way to another one, and leads back to where one was', async () => {
    const me = learner({ LANG: 'ko_KR.UTF-8' });
    writeFileSync(
      join(me.home, 'config'),
      'apiVersion: v1\nclusters:\n- cluster:\n    server: podsim://mine\n  name: mine\ncontexts:\n- context:\n    cluster: mine\n    user: mine\n  name: mine\ncurrent-context: mine\nkind: Config\npreferences: {}\nusers:\n- name: mine\n  user: {}\n',
    );
    await me.practice('start', 'init-content', ...QUICK);
    expect(me.currentContext()).toBe('practice-init-content');
    expect((await me.practice('start', 'no-such')).text).toBe('error: no scenario "no-such" (podsim practice list)\n');
    expect(me.currentContext()).toBe('practice-init-content');
    await me.practice('start', 'next', ...QUICK);
    expect(me.currentContext()).toBe('practice-init-waits');
    expect(existsSync(join(me.home, 'clusters/practice-init-content.json'))).toBe(false);
    expect((await me.practice('stop')).text).toContain('현재 컨텍스트는 mine입니다.');
    expect([me.currentContext(), existsSync(join(me.home, 'clusters/practice-init-waits.json'))]).toEqual(['mine', false]);
  });

  test('whose cluster or record is gone says so', async () => {
    const me = learner();
    await me.practice('start', 'init-content', ...QUICK);
    rmSync(join(me.home, 'clusters/practice-init-content.json'));
    expect(await me.practice('check')).toEqual({
      code: 1,
      text: 'error: cluster "practice-init-content" is gone; make the scene anew: podsim practice start init-content\n',
    });
    for (const broken of ['{', '[]', '{"tasks":[]}']) {
      writeFileSync(join(me.home, 'practice/session.json'), broken);
      expect((await me.practice('check')).text).toMatch(/^error: .*session\.json cannot be read; remove it to begin anew\n$/);
    }
  });

  test('looks the same in each language, and for the same seed and time', async () => {
    const [one, other] = [learner(), learner()];
    const start = ['start', 'crashloop-command', ...QUICK, '--time', '2026-01-01T00:00:00Z'];
    const texts = await Promise.all([one, other].map(async (me) => [await me.practice(...start), await me.practice('check')]));
    expect(texts[0]).toEqual(texts[1]);
    const files = [one, other].map((me) => readFileSync(join(me.home, 'clusters/practice-crashloop-command.json'), 'utf8'));
    expect(files[0]).toBe(files[1]);
    expect((await one.practice('check', '--lang', 'ko')).text).toContain('아직 만족하지 않은 요구 사항이 3개 있습니다. 5점 만점에 0점');
  });
});

describe('an exam', () => {
  const begin = ['exam', '--seed', '5', '--questions', '3', '--minutes', '10', '--clock', 'paused'];
  const solveAll = async (me: Learner): Promise<void> => {
    for (const [i, { id }] of me.session().tasks.entries()) {
      await me.practice('start', String(i + 1));
      await me.solve(id);
    }
  };

  test('is passed when all is solved in time, though graded later', async () => {
    const me = learner();
    await me.practice(...begin);
    expect((await me.practice('hint')).text).toBe('error: in an exam there are no hints; podsim practice score ends it\n');
    await solveAll(me);
    me.later(15 * 60);
    expect((await me.practice('start', '1')).text).toBe('error: the time is up: podsim practice score grades the exam\n');
    expect((await me.practice('score')).text).toContain('PASS 100%, 15m0s of 10m used');
    expect(me.scores().exams).toMatchObject([{ seed: 5, passed: true, isLate: false }]);
    expect((await me.practice('check')).code).toBe(0);
    expect(me.scores().attempts).toEqual([]);
  });

  test('is not passed by what was done after its end', async () => {
    const me = learner();
    await me.practice(...begin);
    await me.practice('start', 'next');
    await me.practice('start', 'next');
    me.later(11 * 60);
    for (const { id } of me.session().tasks) await me.solve(id);
    expect((await me.practice('score')).text).toContain('OVER TIME: something was changed after 10m; graded at 11m0s 100%');
    expect(me.scores().exams).toMatchObject([{ passed: false, isLate: true }]);
  });

  test('counts questions never begun, and begins one at a time', async () => {
    const me = learner();
    await me.practice(...begin);
    expect((await me.practice('exam')).text).toBe('error: an exam is running: podsim practice stop ends it\n');
    expect((await me.practice('start', 'prev')).text).toBe('error: question 1 is the first one\n');
    await me.solve(me.session().tasks[0]?.id ?? '');
    const { text } = await me.practice('score');
    expect(text).toContain('FAIL (66% are needed)');
    expect(me.scores().exams[0]?.questions.map(({ points }) => points > 0)).toEqual([true, false, false]);
    const first = me.session().tasks[0]?.id ?? '';
    // Over, it gives way to another one.
    me.later(60);
    expect((await me.practice('exam', '--seed', '6', '--questions', '1', '--clock', 'paused')).code).toBe(0);
    expect(existsSync(join(me.home, `clusters/practice-${first}.json`)) && me.session().tasks[0]?.id !== first).toBe(false);
    await me.practice('stop');
    expect((await me.practice('score')).text).toContain('2026-01-01T00:00:00Z  ');
  });
});
