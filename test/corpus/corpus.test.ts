/** What learners try, each a manifest with what a real cluster shows of it: see case.ts for how the cases are written. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { readDocuments } from '../../src/kubectl/manifests.js';
import { cluster, collectionPath, type TestCluster } from '../harness/cluster.js';
import { isOneOf, likeGlob, readCase } from './case.js';
import { check } from './check.js';

const root = dirname(fileURLToPath(import.meta.url));
const files = (readdirSync(root, { recursive: true }) as string[]).filter((file) => file.endsWith('.yaml')).sort();

/** All documents, as `kubectl create -f` sends them; what was refused, by `Kind/name`. */
function createAll(c: TestCluster, text: string): Map<string, string> {
  const refused = new Map<string, string>();
  for (const document of readDocuments(text)) {
    if ('error' in document) throw new Error(document.error);
    const object = document.value as unknown as KubeObject;
    const answer = c.request('POST', collectionPath(object), object);
    if (answer.status >= 300) refused.set(`${object.kind}/${object.metadata.name}`, (answer.body as { readonly message: string }).message);
  }
  return refused;
}

describe('corpus', () => {
  const cases = files.map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return { file, text, ...readCase(file, text) };
  });
  const run = ({ text, lines }: (typeof cases)[number]) => {
    const c = cluster();
    const refused = createAll(c, text);
    const wrong: string[] = [];
    let now = 0;
    for (const { at, text: line, because } of lines) {
      if (at > now) c.advance(`${at - now}s`);
      now = Math.max(now, at);
      const [, key, message] = /^refused (\S+): (.*)$/.exec(line) ?? [];
      if (key === undefined || message === undefined) {
        const found = check(c, line);
        if (found !== undefined) wrong.push(`${at}s: ${line}\n  but: ${found}\n  because: ${because}`);
        continue;
      }
      const found = refused.get(key);
      if (found === undefined || !likeGlob(message, found)) wrong.push(`${line}\n  but: ${found ?? 'created'}\n  because: ${because}`);
      refused.delete(key);
    }
    expect([...wrong, ...[...refused].map(([key, message]) => `refused ${key}: ${message}`)].join('\n')).toBe('');
  };
  test.each(cases.filter(({ open }) => open === undefined))('$file', run);
  test.fails.each(cases.filter(({ open }) => open !== undefined))('$file (open: $open)', run);
});

test('a pattern matches what it says and nothing else', () => {
  expect(likeGlob('a*c', 'abbc')).toBe(true);
  expect(likeGlob('a*c', 'abb')).toBe(false);
  expect(likeGlob('a.c', 'abc')).toBe(false);
  expect(isOneOf('Error|CrashLoopBackOff', 'Error')).toBe(true);
  expect(isOneOf('2-3', '4')).toBe(false);
});
