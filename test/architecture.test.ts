/** The rules of src/README.md, enforced: who imports whom, each third-party package's one home, forbidden words. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = join(dirname(fileURLToPath(import.meta.url)), '../src');

const SERVER = ['api', 'text', 'sim', 'store', 'apiserver', 'resources', 'controllers', 'scheduler', 'kubelet', 'runtime'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  api: [],
  text: [],
  sim: ['api'],
  store: ['api'],
  runtime: ['api'],
  kubelet: ['api'],
  scheduler: ['api'],
  controllers: ['api'],
  resources: ['api', 'text', 'controllers'],
  apiserver: ['api', 'store', 'text'],
  cluster: SERVER,
  client: ['api'],
  kubectl: ['api', 'text', 'client', 'resources'],
  podsim: [...SERVER, 'cluster', 'client', 'kubectl'],
};

/** Package (or built-in module) → the files or folders that may import it. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  commander: ['podsim/'],
  'js-yaml': ['cluster/fixtures.ts'],
  'cli-table3': ['podsim/'],
  chalk: ['podsim/'],
  ink: ['podsim/ui/'],
  react: ['podsim/ui/'],
  unbash: ['runtime/shell/'],
  diff: ['text/', 'podsim/', 'kubectl/commands/'],
  ws: ['apiserver/http.ts', 'apiserver/http/', 'client/http.ts', 'client/http/'],
  'node:fs': ['store/backend/', 'kubectl/builder.ts', 'kubectl/files.ts', 'cluster/fixtures.ts', 'cluster/assets.ts'],
  'node:fs/promises': ['store/backend/', 'kubectl/builder.ts', 'kubectl/files.ts', 'cluster/fixtures.ts', 'cluster/assets.ts'],
  'node:http': ['apiserver/http.ts', 'apiserver/http/', 'client/http.ts', 'client/http/'],
  'node:https': ['apiserver/http.ts', 'apiserver/http/', 'client/http.ts', 'client/http/'],
  'node:net': ['apiserver/http.ts', 'apiserver/http/', 'client/http.ts', 'client/http/', 'kubectl/commands/port-forward.ts', 'kubectl/commands/proxy.ts'],
  'node:child_process': ['kubectl/files.ts', 'podsim/shell.ts'],
};

const FORBIDDEN: readonly { word: RegExp; allowed: readonly string[] }[] = [
  { word: /\bDate\.now\b/, allowed: ['main.ts', 'cluster/turn.ts', 'store/backend/', 'apiserver/http', 'client/http'] },
  { word: /\bnew Date\(\)/, allowed: ['cluster/turn.ts'] },
  { word: /\bsetTimeout\b|\bsetInterval\b/, allowed: ['cluster/turn.ts', 'store/backend/', 'apiserver/http', 'client/http', 'podsim/ui/'] },
  { word: /\bMath\.random\b|\bcrypto\.random|\brandomBytes\b|\brandomUUID\b/, allowed: ['cluster/turn.ts', 'store/backend/', 'apiserver/http'] },
  // A process of the simulation may be called so; these are the members of Node's.
  {
    word: /\bprocess\.(env|argv|exit\(|exitCode|std(in|out|err)|cwd\(|on\(|once\(|nextTick|hrtime|kill\(|platform|memoryUsage)/,
    allowed: ['store/backend/', 'podsim/ui/'],
  },
  { word: /\bconsole\./, allowed: [] },
];

const files = (readdirSync(src, { recursive: true }) as string[]).filter((file) => /\.tsx?$/.test(file)).sort();
const isIn = (file: string, places: readonly string[]) => places.some((place) => file === place || (place.endsWith('.ts') ? false : file.startsWith(place)));

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
}
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => ({
    file,
    from: (match[2] ?? match[3] ?? match[4]) as string,
    typeOnly: match[1] !== undefined,
  }));
});

test('rooms import only the rooms they may', () => {
  const wrong: string[] = [];
  for (const { file, from, typeOnly } of imports) {
    if (!from.startsWith('.')) continue;
    const room = file.split('/')[0] as string;
    const target = relative(src, join(src, dirname(file), from));
    const other = target.split('/')[0] as string;
    if (room === 'main.ts' || room === other || room.endsWith('.ts')) {
      if (room === 'resources' && other === 'resources') {
        const kind = file.split('/')[1] as string;
        const otherKind = target.split('/')[1] as string;
        const shared = ['pod-template', 'meta', 'rbac', 'webhooks'];
        const isList = !file.slice('resources/'.length).includes('/');
        if (!isList && kind !== otherKind && !shared.includes(otherKind) && !(typeOnly && target.endsWith('/types.js'))) wrong.push(`${file} → ${from}`);
      }
      continue;
    }
    if (MAY_IMPORT[room]?.includes(other)) continue;
    if (typeOnly && target.startsWith('resources/') && target.endsWith('/types.js') && room !== 'api' && room !== 'text') continue;
    wrong.push(`${file} → ${from}`);
  }
  expect(wrong).toEqual([]);
});

test('a kind’s types.ts imports only api and other types.ts', () => {
  const wrong = imports.filter(
    ({ file, from }) => file.startsWith('resources/') && file.endsWith('/types.ts') && !from.includes('/api/') && !from.endsWith('/types.js'),
  );
  expect(wrong).toEqual([]);
});

test('each third-party package and each door to the host has one home', () => {
  const wrong = imports.filter(({ file, from }) => {
    const name = from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : from.startsWith('node:') ? from : (from.split('/')[0] as string);
    if (from.startsWith('.')) return false;
    const homes = HOMES[name];
    if (homes === undefined) return !from.startsWith('node:');
    return !isIn(file, homes);
  });
  expect(wrong.map(({ file, from }) => `${file} → ${from}`)).toEqual([]);
});

test('words that belong to one place stay there', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const lines = readFileSync(join(src, file), 'utf8').split('\n');
    lines.forEach((line, i) => {
      const code = line
        .replace(/\/\/.*$/, '')
        .replace(/^\s*\*.*$/, '')
        .replace(/^\s*\/\*.*$/, '');
      for (const { word, allowed } of FORBIDDEN)
        if (word.test(code.replace(/'[^']*'|`[^`]*`/g, '')) && !isIn(file, allowed)) wrong.push(`${file}:${i + 1} ${line.trim()}`);
    });
  }
  expect(wrong).toEqual([]);
});

test('no module keeps state', () => {
  const wrong: string[] = [];
  for (const file of files) {
    readFileSync(join(src, file), 'utf8')
      .split('\n')
      .forEach((line, i) => {
        if (/^(export )?let /.test(line)) wrong.push(`${file}:${i + 1} ${line.trim()}`);
      });
  }
  expect(wrong).toEqual([]);
});
