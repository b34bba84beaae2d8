/** What `npm pack` ships needs nothing but Node: the packages it uses are in the bundle, with their licenses. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const IMPORT = /(?:\brequire\(|\bimport\(|\bfrom\s*|\bimport\s*)(["'])([@\w./:-]+)\1/g;

test('what is built imports only itself and Node', () => {
  const scripts = readdirSync(join(root, 'dist')).filter((name) => /\.[cm]js$/.test(name));
  const imported = scripts.flatMap((name) => [...readFileSync(join(root, 'dist', name), 'latin1').matchAll(IMPORT)].map(([, , what]) => what as string));
  expect(imported.length).toBeGreaterThan(20);
  expect(imported.filter((what) => !/^(node:|\.{1,2}\/)/.test(what))).toEqual([]);
});

test('it says the licenses of what it has taken in', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  expect(dependencies).toBeUndefined();
  const licenses = readFileSync(join(root, 'dist/third-party-licenses.txt'), 'utf8');
  for (const name of ['chalk', 'cli-table3', 'commander', 'diff', 'ink', 'js-yaml', 'react', 'unbash', 'ws'])
    expect(licenses).toContain(`## ${name} ${devDependencies?.[name]}\n`);
});
