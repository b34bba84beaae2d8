// Builds dist/: the bundle (esbuild, code-split so that a command loads only what it needs) and the generated schema.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

const schema = join(root, '.build/schema.mjs');
rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  chunkNames: 'chunk-[hash]',
  alias: { 'react-devtools-core': './.build/empty.mjs' },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  metafile: true,
}).then((result) => writeFileSync(join(dist, 'meta.json'), JSON.stringify(result.metafile)));
if (existsSync(schema)) await (await import(schema)).generate(join(root, 'node_modules/@kubernetes/client-node'), dist);
