/** The parts of `podsim practice` that are rules: tables of cases. */
import { describe, expect, test } from 'vitest';
import type { PodsimContext } from '../../src/podsim/context.js';
import { languageGiven } from '../../src/podsim/language.js';
import { decodeScenario } from '../../src/podsim/practice/decode.js';
import { byTopic, drawQuestions, percentOf } from '../../src/podsim/practice/exam.js';
import { earned, worth } from '../../src/podsim/practice/grade.js';
import { cut, layoutFor } from '../../src/podsim/practice/layout.js';
import type { Scenario, Topic } from '../../src/podsim/practice/scenario.js';
import { elapsed, speakerFor, typed } from '../../src/podsim/practice/speaker.js';
import { quoted, wordsOf } from '../../src/podsim/practice/words-of.js';
import { widthOf } from '../../src/text/display-width.js';

test.each([
  ['kubectl get pods', ['kubectl', 'get', 'pods']],
  [`kubectl patch cm x -p '{"a": "b"}'`, ['kubectl', 'patch', 'cm', 'x', '-p', '{"a": "b"}']],
  [`kubectl get x -o jsonpath='{.a} {.b}'`, ['kubectl', 'get', 'x', '-o', 'jsonpath={.a} {.b}']],
  [`a "b \\"c\\" $d" e\\ f ''`, ['a', 'b "c" $d', 'e f', '']],
  ["a 'x'\\''y'", ['a', "x'y"]],
  ['a\n  b', ['a', 'b']],
])('words of %s', (line, words) => expect(wordsOf(line)).toEqual(words));

test.each(['plain', 'a b', "it's", '{.x["y"]}', ''])('%j is one word when quoted', (word) => expect(wordsOf(`a ${quoted(word)}`)).toEqual(['a', word]));

describe('the language', () => {
  test.each([
    [{ flag: 'ko', kept: 'en', env: { LANG: 'en_US.UTF-8' } }, 'ko'],
    [{ flag: undefined, kept: 'ko', env: { LANG: 'en_US.UTF-8' } }, 'ko'],
    [{ flag: undefined, kept: undefined, env: { LANG: 'ko_KR.UTF-8' } }, 'ko'],
    [{ flag: undefined, kept: undefined, env: { LC_ALL: 'C', LANG: 'ko_KR.UTF-8' } }, 'en'],
    [{ flag: undefined, kept: undefined, env: { LC_ALL: '', LC_MESSAGES: 'ko', LANG: 'C' } }, 'ko'],
    [{ flag: undefined, kept: undefined, env: { LANG: 'kok_IN' } }, 'en'],
    [{ flag: undefined, kept: undefined, env: {} }, 'en'],
  ] as const)('%j', async ({ flag, kept, env }, lang) => {
    const context = { env, streams: { outIsTTY: false, columns: undefined } } as unknown as PodsimContext;
    expect((await speakerFor(context, flag, kept)).lang).toBe(lang);
  });
  test('no other', () => expect(() => languageGiven('fr')).toThrow('invalid argument "fr" for "--lang": must be en or ko'));
});

describe('layout', () => {
  test.each([
    ['abc', 3],
    ['파드', 4],
    ['a파드…', 6],
  ])('%s takes %i columns', (text, width) => expect(widthOf(text)).toBe(width));
  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['파드입니다', 5, '파드…'],
  ])('%s in %i columns: %s', (text, width, out) => expect(cut(text, width)).toBe(out));
  test('prose fits the terminal; bullets hang, code stays together', async () => {
    const streams = { outIsTTY: false, columns: 30 } as Parameters<typeof layoutFor>[0]['streams'];
    const { prose } = await layoutFor({ streams, env: {} });
    const text = prose('The Deployment `worker` never becomes ready.\n- Find out why, with `kubectl logs x`.\n    verbatim  stays');
    expect(text).toBe('The Deployment `worker` never\nbecomes ready.\n- Find out why, with\n  `kubectl logs x`.\n    verbatim  stays');
  });
  test('times and commands', () => {
    expect([0, 59_999, 61_000, 3_725_000, -5].map(elapsed)).toEqual(['0s', '59s', '1m1s', '1h2m5s', '0s']);
    expect([typed('kubectl get pods'), typed('podsim fault list'), typed('mykubectl x')]).toEqual(['podsim get pods', 'podsim fault list', 'mykubectl x']);
  });
});

const scenario = (id: string, topic: Topic) => ({ id, topic }) as Scenario;
const TOPICS: readonly Topic[] = ['design', 'deployment', 'observability', 'configuration', 'networking'];
const many = TOPICS.flatMap((topic) => Array.from({ length: 8 }, (_, i) => scenario(`${topic}-${i}`, topic)));
const counts = (drawn: readonly Scenario[]) => TOPICS.map((topic) => drawn.filter((one) => one.topic === topic).length);

describe('an exam', () => {
  test.each([
    [20, [4, 4, 3, 5, 4]],
    [5, [1, 1, 1, 1, 1]],
  ])('of %i questions has the weights of the curriculum', (count, wanted) => expect(counts(drawQuestions(many, count, 7))).toEqual(wanted));
  test('of 10 gives the odd question to either of two topics', () => {
    const seen = new Set(Array.from({ length: 20 }, (_, seed) => counts(drawQuestions(many, 10, seed)).join()));
    expect([...seen].sort()).toEqual(['2,2,1,3,2', '2,2,2,2,2']);
  });
  test('is the same for the same seed, and another for another', () => {
    const ids = (seed: number) => drawQuestions(many, 10, seed).map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
    expect(new Set(ids(1)).size).toBe(10);
  });
  test('fills up from other topics, and says when there are not enough', () => {
    const few = many.filter(({ topic, id }) => topic !== 'configuration' || id.endsWith('-0'));
    expect(drawQuestions(few, 10, 1)).toHaveLength(10);
    expect(() => drawQuestions(few, 99, 1)).toThrow('there are only 33 scenarios to ask');
  });
  test('passes at 66 percent, not a bit below', () => {
    expect([percentOf({ points: 66, of: 100 }), percentOf({ points: 659, of: 1000 }), percentOf({ points: 0, of: 0 })]).toEqual([66, 65, 0]);
    const rows = [
      { id: 'a', topic: 'networking', points: 1, of: 4 },
      { id: 'b', topic: 'design', points: 2, of: 2 },
      { id: 'c', topic: 'networking', points: 3, of: 3 },
    ] as const;
    expect(byTopic(rows)).toEqual([
      { topic: 'design', points: 2, of: 2 },
      { topic: 'networking', points: 4, of: 7 },
    ]);
  });
});

describe('points', () => {
  const finding = (points: number, holds: boolean, isGuard = false) => ({ check: { points, isGuard }, holds }) as Parameters<typeof earned>[0][number];
  test.each([
    [[finding(2, true), finding(3, false)], 2],
    [[finding(2, true), finding(1, true, true)], 2],
    [[finding(2, true), finding(1, false, true)], 1],
    [[finding(1, false), finding(3, false, true)], 0],
  ])('case %#', (findings, points) => expect(earned(findings)).toBe(points));
  test('hints cost, the solution takes all', () => {
    const of = { hints: [{ cost: 1 }, { cost: 2 }] } as unknown as Scenario;
    const task = (hints: number, solutionShown = false) => ({ id: 'x', hints, solutionShown });
    const findings = [finding(5, true)];
    expect([worth(of, task(0), findings), worth(of, task(2), findings), worth(of, task(1, true), findings)]).toEqual([5, 2, 0]);
  });
});

const text = { en: 'x', ko: '엑스' };
const check = { object: 'pod/web', exists: true, ...text };
const whole = {
  id: 'x',
  title: text,
  topic: 'design',
  tags: [],
  difficulty: 'easy',
  minutes: 5,
  setup: [{ advance: '1s' }],
  task: text,
  checks: [check],
  hints: [text],
  solution: { explanation: text, steps: [{ run: 'kubectl run web --image=nginx' }] },
  interview: [{ question: text, answer: text }],
};

describe('a scenario file', () => {
  test('is read', () => expect(decodeScenario('x', whole).checks[0]?.points).toBe(1));
  test.each([
    [{ id: 'y' }, `id: must be the file's name, "x"`],
    [{ more: 1 }, 'more: unknown field'],
    [{ title: { en: 'x' } }, 'title.ko: must be a text'],
    [{ topic: 'cooking' }, 'topic: must be one of design, deployment, observability, configuration, networking'],
    [{ setup: [{ run: 'rm -rf /' }] }, 'setup[0].run: must begin with kubectl or podsim'],
    [{ setup: [{ run: 'kubectl get pods', apply: 'x' }] }, 'setup[0]: needs exactly one of run, apply, advance, files'],
    [{ setup: [{ files: { 'base/x.yaml': 1 } }] }, 'setup[0].files.base/x.yaml: must be a text'],
    [{ setup: [{ advance: 'soon' }] }, 'setup[0].advance: must be a duration, for example 30s'],
    [{ checks: [{ ...check, exists: undefined }] }, 'checks[0]: needs exactly one of exists, jsonpath, cel'],
    [{ checks: [{ ...check, object: 'web' }] }, 'checks[0].object: must be TYPE/NAME'],
    [{ checks: [{ ...check, exists: undefined, jsonpath: '{.x', equals: 'y' }] }, 'checks[0].jsonpath: unclosed action'],
    [{ checks: [{ ...check, exists: undefined, jsonpath: '{.x}' }] }, 'checks[0].jsonpath: needs one of equals, oneOf, contains, excludes, matches'],
    [{ checks: [{ ...check, exists: undefined, cel: 'object.x ==', show: '{.x}', expected: text }] }, 'checks[0].cel: compilation failed'],
    [{ checks: [{ ...text, run: 'podsim clock advance 1h' }] }, 'checks[0].run: must begin with kubectl'],
    [{ checks: [{ ...text, run: 'kubectl get pods', matches: '(' }] }, 'checks[0].matches: Invalid regular expression'],
    [{ checks: [{ ...check, guard: true }] }, 'checks: at least one must be what the task is about'],
    [{ checks: [{ ...check, script: 'x' }] }, 'checks[0].script: unknown field'],
  ])('with %j is refused', (part, message) => expect(() => decodeScenario('x', { ...whole, ...part })).toThrow(message));
});
