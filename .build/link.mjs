// Makes scripts of the bundle's chunks. The chunks of one script share one scope: what they use of each other are plain
// variables, so that V8 inlines calls from chunk to chunk. What they use of another script's chunk is read once, when the script is run.
import { build } from 'esbuild';

/**
 * `chunks`: path → `{ text, exports }`, as esbuild split them. `scripts`: name → the chunks each is to hold. Returns name → text: a function
 * that start.cjs calls. It gives the first parameter what each of its chunks exports.
 */
export async function link(chunks, scripts) {
  const scriptOf = new Map(Object.entries(scripts).flatMap(([name, paths]) => paths.map((path) => [path, name])));
  const { outputFiles } = await build({
    entryPoints: Object.keys(scripts).map((name, i) => ({ in: `script:${name}`, out: String(i) })),
    outdir: '/',
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [plugin(chunks, scripts, scriptOf)],
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [Number(/(\d+)\.js$/.exec(path)[1]), text]));
  return new Map(Object.keys(scripts).map((name, i) => [name, wrapped(texts.get(i))]));
}

const wrapped = (text) =>
  `(function(__define,__load,__import,require,__url){"use strict";${text.replace(/^"use strict";/, '').replaceAll('import("./', '__import("./')}\n})`;

const plugin = (chunks, scripts, scriptOf) => ({
  name: 'link',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^script:/ }, ({ path }) => ({ path: path.slice('script:'.length), namespace: 'script' }));
    onLoad({ filter: /./, namespace: 'script' }, ({ path: name }) => {
      const paths = scripts[name];
      const tables = paths.map((path, i) => `${JSON.stringify(path)}:{${chunks.get(path).exports.map((key) => `${JSON.stringify(key)}:n${i}.${key}`)}}`);
      return { contents: `${paths.map((path, i) => `import * as n${i} from ${JSON.stringify(path)};`).join('')}__define({${tables}});` };
    });
    onResolve({ filter: /^\.\// }, ({ path, importer, namespace, kind }) => {
      if (!chunks.has(path) || kind === 'dynamic-import') return { path, external: true };
      if (namespace === 'script' || scriptOf.get(path) === scriptOf.get(importer)) return { path, namespace: 'chunk' };
      return { path: `${path} for ${importer}`, namespace: 'other' };
    });
    onLoad({ filter: /./, namespace: 'chunk' }, ({ path }) => ({ contents: chunks.get(path).text }));
    onLoad({ filter: /./, namespace: 'other' }, ({ path: key }) => {
      const [path, importer] = key.split(' for ');
      const names = namesOf(chunks.get(importer).text, path);
      return {
        contents: `const __chunk=__load(${JSON.stringify(path)});export const ${[...names.map((name) => `${name}=__chunk.${name}`), 'none=0'].join(',')}`,
      };
    });
    onResolve({ filter: /./ }, ({ path }) => ({ path, external: true }));
  },
});

/** What `text` imports of `path`. */
const namesOf = (text, path) => {
  const names = new Set();
  for (const [, list, from] of text.matchAll(/import\s*\{([^}]*)\}\s*from\s*"([^"]+)"/g))
    if (from === path) for (const part of list.split(',')) names.add(part.trim().split(/\s+as\s+/)[0]);
  return [...names];
};
