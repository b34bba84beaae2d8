/** The pieces of `podsim why` that many words go through: near names, folding, languages, templates. */
import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { languageOf } from '../../src/podsim/language.js';
import type { Diagnosis } from '../../src/podsim/why/diagnosis.js';
import { meaningOf, statusWords } from '../../src/podsim/why/meanings.js';
import { nearest } from '../../src/podsim/why/near.js';
import { remarked } from '../../src/podsim/why/remarks.js';
import { causeOf, fill, type Rule } from '../../src/podsim/why/rule.js';
import { fold, toText } from '../../src/podsim/why/text.js';
import { shell } from '../harness/shell.js';

test.each([
  ['ngnix', ['nginx', 'node'], 'nginx'],
  ['lates', ['latest', 'stable'], 'latest'],
  ['redix', ['redis', 'registry'], 'redis'],
  ['App', ['app'], 'app'],
  ['nginx', ['nginx', 'ngin'], undefined],
  ['postgres', ['nginx'], undefined],
  ['a', ['b'], 'b'],
  ['x', [], undefined],
] as const)('nearest to %s of %j: %s', (word, candidates, found) => expect(nearest(word, candidates)).toBe(found));

test.each([
  ['one two three', 8, ['one two', 'three']],
  ['one', 2, ['one']],
  ['파드가 실행 중', 8, ['파드가', '실행 중']],
  ['', 10, ['']],
] as const)('%j folded at %i', (text, columns, lines) => expect(fold(text, columns, '')).toEqual(lines));

test.each([
  [{ LANG: 'ko_KR.UTF-8' }, 'ko'],
  [{ LANG: 'ko_KR.UTF-8', LC_ALL: 'C' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ko' }, 'ko'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: '', LC_MESSAGES: '' }, 'en'],
  [{ LANG: 'kok_IN' }, 'en'],
  [{}, 'en'],
] as const)('%j speaks %s', (env, language) => expect(languageOf(env)).toBe(language));

test.each([
  ['{a} and {b}', { a: 1, b: 'x' }, '1 and x'],
  ['{a} and {b}', { a: 1 }, undefined],
  ["{range .items[*]}{.name}{'x'}{end}", {}, "{range .items[*]}{.name}{'x'}{end}"],
  ['nothing', {}, 'nothing'],
] as const)('%s filled with %j', (template, values, text) => expect(fill(template, values)).toBe(text));

test('sentences and commands whose values are not known are left out', () => {
  const words = { cause: ['Known {a}.', 'Not {b}.'], todo: ['Do {a}.', 'Or {b}.'] };
  const rule: Rule<string> = {
    id: 'x',
    when: () => ({ values: { a: 1 }, evidence: [undefined] }),
    en: words,
    ko: words,
    fix: ['set {b}', 'get {a}'],
    proof: ['see {a}', 'see {a}'],
  };
  const cause = causeOf(rule, '', { object: 'pod/web', values: {} }, 'en');
  expect(cause).toMatchObject({ cause: 'Known 1.', todo: 'Do 1.', fix: ['get 1'], proof: ['see 1'], evidence: [] });
});

test('every word of STATUS has a meaning in both languages, and unknown ones none', () => {
  for (const word of statusWords) expect([meaningOf(word, 'en') !== '', /[가-힣]/.test(meaningOf(word, 'ko'))]).toEqual([true, true]);
  expect(meaningOf('Init:1/3', 'en')).toContain('1 of 3');
  expect(meaningOf('Init:ErrImagePull', 'ko')).toContain('가져오지 못했습니다');
  expect(meaningOf('OutOfcpu', 'en')).toContain('did not take the pod');
  expect(meaningOf('Whatever', 'en')).toBe('');
});

test('remarks behind commands are in the language of the text', () => {
  expect(remarked('kubectl get pod web -w   # follow it', 'ko')).toBe('kubectl get pod web -w   # 계속 지켜보기');
  expect(remarked('kubectl get pod web -w   # follow it', 'en')).toBe('kubectl get pod web -w   # follow it');
  expect(remarked("sh -c 'echo #'", 'ko')).toBe("sh -c 'echo #'");
});

const LONG = 'a message that is so long that nobody wants to read it a second time';
const diagnosis: Diagnosis = {
  kind: 'Deployment',
  namespace: 'default',
  name: 'web',
  status: '0/5 ready',
  meaning: '',
  healthy: false,
  causes: [
    {
      id: 'some-cause',
      object: 'pod/web-1',
      container: 'app',
      also: ['pod/web-2', 'pod/web-3', 'pod/web-4', 'pod/web-5'],
      cause: 'C.',
      todo: 'T.',
      evidence: [
        { from: 'container', text: `app: waiting, X: ${LONG}` },
        { from: 'event', text: `Warning Failed: Error: ${LONG}` },
      ],
      fix: ['fix it'],
      proof: ['see it'],
      isFine: false,
    },
  ],
};

test('a cause of several pods names them; what was said is not said twice', () => {
  const text = toText(diagnosis, { colour: new Chalk({ level: 0 }), columns: undefined, language: 'en' });
  expect(text).toContain('Cause (pod/web-1, container app, also pod/web-2, pod/web-3 and 2 more)  some-cause\n');
  expect(text).toContain('Warning Failed: Error: …\n');
  expect(text).not.toContain('\u001b');
});

test('a terminal gets colours, unless NO_COLOR is set, and lines that fit', async () => {
  for (const [env, isColoured] of [
    [{}, true],
    [{ NO_COLOR: '1' }, false],
  ] as const) {
    const sh = shell(env, 50);
    try {
      await sh.run('cluster create --clock paused');
      await sh.run('run web --image=ngnix');
      await sh.run('clock advance 20s -q');
      const { out } = await sh.run('why web');
      expect(out.includes('\u001b[')).toBe(isColoured);
      if (!isColoured) expect(out.split('\n').filter((line) => line.length > 50 && !/kubectl/.test(line) && /\s\S+\s/.test(line.trim()))).toEqual([]);
    } finally {
      sh.close();
    }
  }
});

test('the same cluster, the same bytes', async () => {
  const told = async (): Promise<string> => {
    const sh = shell();
    try {
      await sh.run('cluster create --clock paused --seed 7 --time 2026-01-01T00:00:00Z');
      await sh.run('create deployment web --image=ngnix --replicas=3');
      await sh.run('clock advance 40s -q');
      return (await sh.run('why deploy/web')).out + (await sh.run('why -o json')).out;
    } finally {
      sh.close();
    }
  };
  const once = await told();
  expect(once).toContain('image-name-misspelt');
  expect(await told()).toBe(once);
});
