/** The rules of src/README.md, enforced: who imports whom, each third-party package's one home, forbidden words. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = join(dirname(fileURLToPath(import.meta.url)), '../src');

const SERVER = ['api', 'text', 'cel', 'sim', 'store', 'apiserver', 'resources', 'controllers', 'scheduler', 'kubelet', 'runtime'];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  api: [],
  text: [],
  cel: ['api', 'text'],
  sim: ['api'],
  store: ['api'],
  runtime: ['api'],
  kubelet: ['api'],
  scheduler: ['api'],
  controllers: ['api'],
  resources: ['api', 'text', 'cel', 'controllers'],
  apiserver: ['api', 'store', 'text', 'cel'],
  cluster: SERVER,
  client: ['api'],
  kubectl: ['api', 'text', 'client', 'resources'],
  podsim: [...SERVER, 'cluster', 'client', 'kubectl'],
};

/** Package (or built-in module) → the files or folders that may import it. What is not named here may be imported nowhere. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  commander: ['podsim/'],
  'js-yaml': ['cluster/fixtures.ts'],
  'cli-table3': ['podsim/'],
  chalk: ['podsim/'],
  ink: ['podsim/ui/'],
  react: ['podsim/ui/'],
  unbash: ['runtime/shell/'],
  diff: ['text/'],
  ws: ['apiserver/http/', 'client/http/'],
  'node:fs': ['store/backend/', 'kubectl/files.ts', 'cluster/fixtures.ts', 'cluster/assets.ts'],
  'node:http': ['apiserver/http.ts', 'apiserver/http/', 'client/http.ts', 'client/http/'],
  'node:https': ['apiserver/http.ts', 'apiserver/http/', 'client/http.ts'],
  'node:dns': ['client/http/', 'apiserver/http/'],
  'node:net': ['apiserver/http.ts', 'apiserver/http/', 'kubectl/commands/port-forward.ts', 'kubectl/commands/proxy.ts'],
  'node:tls': ['apiserver/http/'],
  'node:os': ['kubectl/files.ts', 'store/backend/'],
  'node:path': ['store/backend/', 'kubectl/files.ts', 'cluster/fixtures.ts', 'cluster/assets.ts'],
  'node:url': ['cluster/assets.ts'],
  // Pure functions of their arguments, apart from what the words below keep out.
  'node:crypto': [''],
  'node:zlib': [''],
  'node:child_process': ['kubectl/files.ts'],
};

const FORBIDDEN: readonly { word: RegExp; allowed: readonly string[] }[] = [
  { word: /\bDate\.now\b/, allowed: ['main.ts', 'cluster/turn.ts', 'store/backend/', 'apiserver/http/webhook-client.ts'] },
  { word: /\bnew Date\b(?!\()|\bnew Date\(\)|(?<!new )\bDate\(/, allowed: [] },
  {
    word: /\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bAtomics\.wait\b/,
    allowed: ['cluster/turn.ts', 'cluster/waiting.ts', 'store/backend/', 'apiserver/http', 'podsim/ui/'],
  },
  {
    word: /\bMath\.random\b|\bcrypto\.random|\brandomBytes\b|\brandomUUID\b|\brandomInt\b|\bgetRandomValues\b/,
    allowed: ['store/backend/'],
  },
  // A process of the simulation may be called so; these are the members of Node's.
  {
    word: /\bprocess\.(env|argv|exit\(|exitCode|std(in|out|err)|cwd\(|on\(|once\(|nextTick|hrtime|kill\(|platform|memoryUsage)/,
    allowed: ['store/backend/', 'podsim/ui/'],
  },
  { word: /\bconsole\b/, allowed: [] },
  { word: /\bglobalThis\b/, allowed: [] },
  { word: /\bperformance\b/, allowed: ['cluster/turn.ts'] },
  { word: /\bawait fetch\(/, allowed: ['kubectl/builder/sources.ts'] },
  // Chunks of the bundle import Node's own modules at their heads only.
  { word: /\bimport\('node:/, allowed: [] },
  { word: /\bas any\b|: any\b|<any\b|@ts-ignore|@ts-nocheck/, allowed: ['api/resource.ts'] },
];

const files = (readdirSync(src, { recursive: true }) as string[]).filter((file) => /\.tsx?$/.test(file)).sort();
const isIn = (file: string, places: readonly string[]) => places.some((place) => file === place || (place.endsWith('.ts') ? false : file.startsWith(place)));

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
  /** Imported when it is needed, not when the file is loaded. */
  readonly isLater: boolean;
}
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => ({
    file,
    from: (match[2] ?? match[3] ?? match[4]) as string,
    typeOnly: match[1] !== undefined,
    isLater: match[4] !== undefined,
  }));
});

test('src/README.md has the same table of rooms', () => {
  const rows = [...readFileSync(join(src, 'README.md'), 'utf8').matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm)].map(
    ([, room = '', list = '']) => [room, list.trim()] as const,
  );
  const before = (room: string) =>
    rows
      .map(([name]) => name)
      .slice(
        0,
        rows.findIndex(([name]) => name === room),
      );
  const allowed = (room: string, list: string) => {
    if (list === 'nothing') return [];
    if (list === 'all of the above') return before(room);
    return list === 'anything' ? Object.keys(MAY_IMPORT).filter((name) => name !== room) : list.split(', ');
  };
  const sorted = (table: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(table).map(([room, list]) => [room, [...list].sort()]));
  expect(sorted(Object.fromEntries(rows.map(([room, list]) => [room, allowed(room, list)])))).toEqual(sorted(MAY_IMPORT));
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
    return homes === undefined || !isIn(file, homes);
  });
  expect(wrong.map(({ file, from }) => `${file} → ${from}`)).toEqual([]);
});

/** Modules that need each other by their nature: whoever interprets a command may meet any command in it. Of each ring one member. */
const RINGS: readonly string[] = [
  // A shell's commands have commands in them.
  'runtime/shell/interpreter.ts',
  // So have a query's.
  'runtime/sql/engine.ts',
  // A process may signal another, and signalling is a step of a process.
  'runtime/processes.ts',
];

/** Sets of modules each of which needs all others of its set when it is loaded (Tarjan's strongly connected components). */
function rings(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const lowest = (node: string, other: number): unknown => low.set(node, Math.min(low.get(node) as number, other));
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) as number);
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (path.includes(next)) lowest(node, low.get(next) as number);
    }
    if (low.get(node) !== index.get(node)) return;
    const ring = path.splice(path.indexOf(node));
    if (ring.length > 1) found.push(ring);
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

test('modules do not import each other in rings', () => {
  const known = new Set(files);
  const graph = new Map<string, string[]>(files.map((file) => [file, []]));
  for (const { file, from, typeOnly, isLater } of imports) {
    const target = join(dirname(file), from).replace(/\.js$/, '');
    const found = [`${target}.ts`, `${target}.tsx`].find((name) => known.has(name));
    if (from.startsWith('.') && !typeOnly && !isLater && found !== undefined) graph.get(file)?.push(found);
  }
  expect(rings(graph).filter((ring) => !RINGS.some((member) => ring.includes(member)))).toEqual([]);
});

test('a ring of modules is seen', () => {
  const graph = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(rings(graph).map((ring) => [...ring].sort())).toEqual([['a', 'b', 'c']]);
});

/** What a file imports by name, and from which file. */
function namesImported(path: string, text: string): readonly string[] {
  return [...text.matchAll(/^(?:import|export)\s[^;'"]*?\{([^}]*)\}\s*from\s+'(\.[^']+)'/gm)].flatMap(([, names = '', from = '']) =>
    names.split(',').map((name) => `${join(dirname(path), from)} ${/^\s*(?:type\s+)?(\w+)/.exec(name)?.[1]}`),
  );
}

/** Functions, constants and classes that a file exports and nobody imports. Types are exported to name what a function takes or gives. */
function unusedExports(texts: ReadonlyMap<string, string>): readonly string[] {
  const used = new Set([...texts].flatMap(([path, text]) => namesImported(path, text)));
  // As a whole, to be asked for its members: when it is needed, or as a namespace.
  const whole = new Set(
    [...texts].flatMap(([path, text]) =>
      [...text.matchAll(/\bimport\('(\.[^']+)'\)|\* (?:as \w+ )?from '(\.[^']+)'/g)].map((m) => join(dirname(path), (m[1] ?? m[2]) as string)),
    ),
  );
  return [...texts].flatMap(([path, text]) => {
    const name = path.replace(/\.tsx?$/, '.js');
    if (!path.startsWith(src) || whole.has(name)) return [];
    const exported = [...text.matchAll(/^export (?:async )?(?:function\*?|const|(?:abstract )?class) (\w+)/gm)].map((m) => m[1] as string);
    return exported.filter((one) => !used.has(`${name} ${one}`)).map((one) => `${relative(src, path)}: ${one}`);
  });
}

test('what is exported is imported', () => {
  const tests = join(src, '../test');
  const others = (readdirSync(tests, { recursive: true }) as string[]).filter((file) => /\.tsx?$/.test(file)).map((file) => join(tests, file));
  const texts = new Map([...files.map((file) => join(src, file)), ...others].map((path) => [path, readFileSync(path, 'utf8')]));
  expect(unusedExports(texts)).toEqual([]);
});

test('an export that nobody imports is seen', () => {
  const texts = new Map([
    [join(src, 'a.ts'), 'export const used = 1;\nexport function unused(): void {}\nexport interface Shape {}\n'],
    [join(src, 'b.ts'), "import { type Shape, used as mine } from './a.js';\n"],
  ]);
  expect(unusedExports(texts)).toEqual(['a.ts: unused']);
});

/** Without comments and the texts of strings, line by line; what stands in `${…}` stays. */
const codeOf = (text: string): readonly string[] =>
  text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, (match) => match.replace(/[^\n]/g, ' '))
    .split('\n')
    .map((line) => line.replace(/`(?:[^`\\]|\\.)*`/g, (template) => (template.match(/\$\{[^}]*\}/g) ?? []).join(' ')));

function wordsIn(file: string, text: string): readonly string[] {
  const rules = FORBIDDEN.filter(({ allowed }) => !isIn(file, allowed));
  return codeOf(text).flatMap((line, i) => (rules.some(({ word }) => word.test(line)) ? [`${file}:${i + 1} ${line.trim()}`] : []));
}

test('words that belong to one place stay there', () => {
  expect(files.flatMap((file) => wordsIn(file, readFileSync(join(src, file), 'utf8')))).toEqual([]);
});

test('no home and no exception is kept for what is not there', () => {
  const packageOf = (from: string) =>
    from.startsWith('node:')
      ? from
      : from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/');
  const homes = Object.entries(HOMES).flatMap(([name, places]) => {
    const users = imports.filter(({ from }) => packageOf(from) === name).map(({ file }) => file);
    return places.filter((place) => !users.some((file) => isIn(file, [place]) || place === '')).map((place) => `${name}: ${place}`);
  });
  const codes = files.map((file) => [file, codeOf(readFileSync(join(src, file), 'utf8'))] as const);
  const exceptions = FORBIDDEN.flatMap(({ word, allowed }) => {
    const users = codes.filter(([, code]) => code.some((line) => word.test(line))).map(([file]) => file);
    return allowed.filter((place) => !users.some((file) => isIn(file, [place]))).map((place) => `${word.source}: ${place}`);
  });
  expect([...homes, ...exceptions]).toEqual([]);
});

/** Variables of a module that change: `let`, static fields, and constants whose content is written to. */
function stateIn(file: string, text: string): readonly string[] {
  const lines = codeOf(text);
  const constants = lines.flatMap((line) => /^(?:export )?const (\w+)/.exec(line)?.[1] ?? []);
  const written = new RegExp(
    `(?<![.\\w])(?:${constants.join('|')})(?:\\.(?:set|add|delete|clear|push|pop|shift|unshift|splice|sort|reverse)\\(|(?:\\.\\w+|\\[[^\\]]*\\])+ (?:=|\\+=|\\?\\?=) )`,
  );
  return lines.flatMap((line, i) =>
    /^(export )?(let|var) |^\s+static (?!readonly)\w+(: [^=(]+)?( =|;)/.test(line) || (constants.length > 0 && written.test(line))
      ? [`${file}:${i + 1} ${line.trim()}`]
      : [],
  );
}

test('no module keeps state', () => {
  expect(files.flatMap((file) => stateIn(file, readFileSync(join(src, file), 'utf8')))).toEqual([]);
});

test.each([
  'const at = Date.now();',
  'const at = `${Date.now()}`;',
  "get('http://x'); setTimeout(go, 1);",
  'const now = new Date;',
  'const id = randomInt(5);',
  'process.exit(1);',
  'console.error(text);',
  'const x = y as any;',
])('a forbidden word is seen: %s', (line) => expect(wordsIn('api/x.ts', line)).toHaveLength(1));

test.each([
  'let count = 0;',
  'export let count = 0;',
  'const seen = new Map();\nconst see = () => seen.set(1, 2);',
  'const list: string[] = [];\nexport const add = (x: string) => list.push(x);',
  'const cache: Record<string, string> = {};\nfunction f(k: string) {\n  cache[k] = k;\n}',
])('state of a module is seen: %s', (text) => expect(stateIn('api/x.ts', text)).toHaveLength(1));

test.each(['// Date.now is not for us', "const s = 'Date.now()';", 'const MAP = new Map([[1, 2]]);\nMAP.get(1);'])('no false alarm: %s', (text) =>
  expect([...wordsIn('api/x.ts', text), ...stateIn('api/x.ts', text)]).toEqual([]),
);
