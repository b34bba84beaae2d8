import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { DamagedState, NewerFormat, type Saved } from '../../src/store/backend/backend.js';
import { FileBackend } from '../../src/store/backend/file.js';
import { self, tryLock } from '../../src/store/backend/lock.js';

const directory = mkdtempSync(join(tmpdir(), 'podsim-file-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
const fresh = () => join(directory, `${files++}`, 'web.json');
const write = (text: string): string => {
  const file = fresh();
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};
/** As somebody's editor left it: its digest is not that of its text. */
const GOOD = '{"podsim":{"format":1,"version":"00"}\n,"/header":{"now":1}\n,"/registry/pods/default/a":{"kind":"Pod"}\n}\n';

test('the file is one JSON document with one entry a line', async () => {
  const file = fresh();
  await new FileBackend(file).save(
    undefined,
    new Map([
      ['/header', '{"now":1}'],
      ['/alarms/x a', '[1,2]'],
      ['/registry/pods/default/web', '{"kind":"Pod"}'],
    ]),
  );
  expect(readFileSync(file, 'utf8').split('\n')).toEqual([
    expect.stringMatching(/^\{"podsim":\{"format":1,"version":"[0-9a-f]{18}"\}$/),
    ',"/header":{"now":1}',
    ',"/alarms/x a":[1,2]',
    ',"/registry/pods/default/web":{"kind":"Pod"}',
    '}',
    '',
  ]);
  expect(JSON.parse(readFileSync(file, 'utf8'))['/header']).toEqual({ now: 1 });
  expect(readdirSync(join(file, '..'))).toEqual(['web.json']);
});

test('a file of many pieces (the disk gets some of it before the last is there) holds what was saved, and is left as it was when a piece cannot be made', async () => {
  const file = fresh();
  const text = (i: number) => JSON.stringify(`${String(i)}ü`.repeat(40_000));
  const held = new Map(Array.from({ length: 130 }, (_, i) => [`/registry/pods/default/p${100 + i}`, text(i)]));
  const read = async () => {
    const { entries } = (await new FileBackend(file).load()) as Saved;
    return new Map(entries.keys('').map((key) => [key, entries.get(key)]));
  };
  const backend = new FileBackend(file);
  let saved = await backend.save(undefined, new Map(held));
  expect(await read()).toEqual(held);
  const changes = new Map<string, string | undefined>([
    ['/registry/pods/default/p100', undefined],
    ['/registry/pods/default/p130', '7'],
    ['/registry/pods/default/p999', text(999)],
  ]);
  for (const [key, value] of changes) value === undefined ? held.delete(key) : held.set(key, value);
  saved = await backend.save(saved, changes);
  expect(await read()).toEqual(held);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual(['podsim', ...held.keys()]);

  const broken = new Map(Array.from({ length: 60 }, (_, i) => [`/registry/pods/default/q${100 + i}`, text(i)]));
  broken.get = (key) => {
    if (key.endsWith('q159')) throw new Error('no such text');
    return text(1);
  };
  await expect(backend.save(saved, broken)).rejects.toThrow('no such text');
  expect(await read()).toEqual(held);
  expect(readdirSync(join(file, '..'))).toEqual(['web.json']);
});

test("the file's time is marked with its version to the microsecond, so that it need not be read through", async () => {
  const file = fresh();
  let saved: Saved | undefined;
  for (let i = 0; i < 30; i++) {
    saved = await new FileBackend(file).save(saved, new Map([['/x', String(i)]]));
    const microseconds = Number(statSync(file, { bigint: true }).mtimeNs / 1000n) % 1_000_000;
    expect(microseconds).toBe(Number.parseInt(saved.version.slice(0, 8), 16) % 1_000_000);
  }
});

test('the same state is the same file, whatever way it came about', async () => {
  const [one, two] = [fresh(), fresh()];
  await new FileBackend(one).save(
    undefined,
    new Map([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]),
  );
  let saved = await new FileBackend(two).save(
    undefined,
    new Map([
      ['c', '9'],
      ['x', '0'],
    ]),
  );
  for (const changes of [
    [
      ['c', '3'],
      ['a', '1'],
    ],
    [['x', undefined]],
    [['b', '2']],
  ] as const)
    saved = await new FileBackend(two).save(saved, new Map(changes));
  expect(readFileSync(two)).toEqual(readFileSync(one));
});

test('lines put in another order by hand are found, though the file is as long as it was', async () => {
  const file = fresh();
  const keys = Array.from({ length: 40 }, (_, i) => `/registry/pods/default/p${String(i).padStart(2, '0')}`);
  await new FileBackend(file).save(undefined, new Map(keys.map((key, i) => [key, `{"is":${10 + i}}`])));
  const [head, ...lines] = readFileSync(file, 'utf8').split('\n').slice(0, -2) as [string, ...string[]];
  writeFileSync(file, `${[head, ...lines.toReversed()].join('\n')}\n}\n`);
  const edited = await new FileBackend(file).load();
  expect(keys.map((key) => edited?.entries.get(key))).toEqual(keys.map((_, i) => `{"is":${10 + i}}`));
  // Copied with its times, a file is what it was.
  const copy = fresh();
  mkdirSync(join(copy, '..'), { recursive: true });
  await new FileBackend(file).save(edited, new Map([['/state/x', '1']]));
  execFileSync('cp', ['-p', file, copy]);
  expect((await new FileBackend(copy).load())?.entries.get('/state/x')).toBe('1');
});

test('any changes, read again by bisection, come to what they should', async () => {
  const alphabet = ['/a', '/a/', '/a b', '/a!', '/ab', '/header', '/b/1', '/b/10', '/b/2', '/b/1/x', '/z', '/registry/x/default-2/a', '/registry/x/default/a'];
  const change = fc.tuple(fc.constantFrom(...alphabet), fc.option(fc.string({ maxLength: 5 }), { nil: undefined, freq: 3 }));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 5 }), async (rounds) => {
      const file = fresh();
      const backend = new FileBackend(file);
      const model = new Map<string, string>();
      let saved = await backend.save(undefined, new Map());
      for (const changes of rounds) {
        const texts = new Map(changes.map(([key, text]) => [key, text === undefined ? undefined : JSON.stringify(text)]));
        for (const [key, text] of texts) {
          if (text === undefined) model.delete(key);
          else model.set(key, text);
        }
        saved = await backend.save(saved, texts);
        const sorted = [...model.keys()].sort();
        for (const entries of [saved.entries, (await new FileBackend(file).load())?.entries]) {
          for (const key of alphabet) expect(entries?.get(key)).toBe(model.get(key));
          for (const prefix of ['', '/', '/a', '/b/1', '/h', '/registry/x/default/', '/zz'])
            expect(entries?.keys(prefix)).toEqual(sorted.filter((key) => key.startsWith(prefix)));
        }
        expect(Object.entries(JSON.parse(readFileSync(file, 'utf8'))).length).toBe(model.size + 1);
      }
      rmSync(join(file, '..'), { recursive: true });
    }),
    { numRuns: 60 },
  );
});

test('a file laid out anew by another program is read all the same', async () => {
  const file = write(JSON.stringify(JSON.parse(GOOD), undefined, 2));
  const backend = new FileBackend(file);
  const saved = await backend.load();
  expect(saved?.entries.get('/registry/pods/default/a')).toBe('{"kind":"Pod"}');
  await backend.save(saved, new Map([['b', '2']]));
  expect((await new FileBackend(file).load())?.entries.keys('')).toEqual(['/header', '/registry/pods/default/a', 'b']);
});

const bad: { name: string; text: string; error: typeof DamagedState | typeof NewerFormat; says: string }[] = [
  { name: 'an empty file', text: '', error: DamagedState, says: 'is damaged (it is empty)' },
  { name: 'half a file', text: GOOD.slice(0, GOOD.length - 20), error: DamagedState, says: 'is damaged (not valid JSON)' },
  { name: 'a file without its end', text: GOOD.slice(0, -2), error: DamagedState, says: 'is damaged (not valid JSON)' },
  { name: 'a file with something behind its end', text: `${GOOD}x`, error: DamagedState, says: 'is damaged (not valid JSON)' },
  { name: 'zeros', text: '\0'.repeat(500), error: DamagedState, says: 'is damaged (not valid JSON)' },
  { name: 'another JSON file', text: '{"name":"package"}\n', error: DamagedState, says: 'is damaged (not a cluster of podsim)' },
  { name: 'a JSON list', text: '[]', error: DamagedState, says: 'is damaged (not a cluster of podsim)' },
  {
    name: 'a newer format',
    text: GOOD.replace('"format":1', '"format":2'),
    error: NewerFormat,
    says: 'has format 2, written by a newer podsim; this one reads up to format 1',
  },
  { name: 'a newer format with another head', text: '{"podsim":{"format":3,"packed":true},\n"x":1}\n', error: NewerFormat, says: 'has format 3' },
];
for (const { name, text, error, says } of bad) {
  test(`${name} gets one clear error and is left as it was`, async () => {
    const file = write(text);
    const problem = await new FileBackend(file).load().catch((caught: unknown) => caught);
    expect(problem).toBeInstanceOf(error);
    expect((problem as Error).message).toContain(`the state file ${file} `);
    expect((problem as Error).message).toContain(says);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(join(file, '..'))).toEqual(['web.json']);
  });
}

test('a link to the state file stays a link', async () => {
  const file = write(GOOD);
  const link = join(file, '..', 'link.json');
  symlinkSync('web.json', link);
  const backend = new FileBackend(link);
  await backend.save(await backend.load(), new Map([['b', '2']]));
  expect((await new FileBackend(file).load())?.entries.get('b')).toBe('2');
  expect(readFileSync(link, 'utf8')).toBe(readFileSync(file, 'utf8'));
});

test('the lock of a dead process is taken over, with what it left behind', async () => {
  const file = write(GOOD);
  const lock = `${file}.lock`;
  // A process that has ended for sure.
  const pid = Number(execFileSync('node', ['-e', 'console.log(process.pid)']));
  const dead = { ...self(), pid, nonce: 'dead0001' };
  symlinkSync(JSON.stringify(dead), lock);
  symlinkSync(JSON.stringify({ ...dead, nonce: 'dead0002' }), `${lock}.dead0001`);
  writeFileSync(`${file}.dead0001.tmp`, 'half');
  const backend = new FileBackend(file);
  await backend.save(await backend.load(), new Map([['b', '2']]));
  expect(readdirSync(join(file, '..'))).toEqual(['web.json']);
});

test('a living process keeps its lock; another one with its number does not', () => {
  const lock = join(directory, 'plain.lock');
  const me = self();
  expect(tryLock(lock, me)).toBe(true);
  expect(tryLock(lock, { ...me, nonce: 'other' })).toBe(false);
  rmSync(lock);
  symlinkSync(JSON.stringify({ ...me, start: '1' }), lock);
  expect(tryLock(lock, { ...me, nonce: 'other' })).toBe(process.platform === 'linux');
});

test('a lock lost on the way is noticed before anything is replaced', async () => {
  const file = write(GOOD);
  const backend = new FileBackend(file);
  const saved = await backend.load();
  await expect(
    backend.hold(async () => {
      rmSync(`${file}.lock`);
      await backend.save(saved, new Map([['b', '2']]));
    }),
  ).rejects.toThrow('the lock was lost');
  expect(readFileSync(file, 'utf8')).toBe(GOOD);
});
